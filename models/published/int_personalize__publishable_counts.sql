{%- set is_noisy = personalize.setting("publish_epsilon") is not none %}
-- grain: one row per aggregate that may be published and what it counts
-- Every declared segment, recommendable product and experiment cell is there, counted or not, so
-- that the list itself tells nothing. With noise, a person counts in a few cells of a kind only.
with

cells as (

    select distinct
        'segment size' as kind,
        segment_id as name
    from {{ ref("personalize__segments") }}
    union all
    select
        'product buyers' as kind,
        product_id as name
    from {{ ref("int_personalize__current_products") }}
    where is_recommendable
    union all
    select
        'experiment cell' as kind,
        experiment_id || ':' || variation_id as name
    from {{ ref("int_personalize__experiment_variations") }}

),

people as (

    select distinct
        'segment size' as kind,
        segment_id as name,
        profile_id
    from {{ ref("personalize__segments") }}
    union all
    select distinct
        'product buyers' as kind,
        purchases.product_id as name,
        purchases.profile_id
    from {{ ref("int_personalize__purchases") }} as purchases
    inner join {{ ref("int_personalize__current_products") }} as products
        on purchases.product_id = products.product_id
    where purchases.profile_id is not null
        and not purchases.is_return
        and products.is_recommendable
        and purchases.ordered_at
        > {{ personalize.days_before_as_of("popularity_days") }}
    union all
    select distinct
        'experiment cell' as kind,
        experiment_id || ':' || variation_id as name,
        profile_id
    from {{ ref("personalize__experiment_assignments") }}

),

counted as (

    select *
    from people
    {%- if is_noisy %}
    qualify row_number() over (
            partition by kind, profile_id
            order by {{ personalize.unit_hash("profile_id || '|' || name") }}, name
        ) <= {{ personalize.setting("publish_max_cells_per_person") }}
    {%- endif %}

)

select
    cells.kind,
    cells.name,
    count(counted.profile_id) as people
from cells
left join counted
    on cells.kind = counted.kind
    and cells.name = counted.name
group by cells.kind, cells.name
