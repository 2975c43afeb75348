-- grain: one row per person for whom a rule excludes products and popular product to fill up with
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

exclusions as (

    select
        people.profile_id,
        people.rule_id,
        cast(power(2, rules.rule_order) as bigint) as bit
    from {{ ref("int_personalize__rule_people") }} as people
    inner join {{ ref("int_personalize__recommendation_rules") }} as rules
        on people.rule_id = rules.rule_id
        and rules.kind = 'exclude'
        and not rules.is_for_campaigns
    inner join {{ ref("int_personalize__recommendation_requests") }} as requests
        on people.profile_id = requests.profile_id
        and requests.window_number = 0

),

people_of_groups as (

    select
        profile_id,
        sum(bit) as group_id
    from exclusions
    group by profile_id

),

forbidden as (

    select distinct
        people_of_groups.group_id,
        products.product_id
    from exclusions
    inner join people_of_groups
        on exclusions.profile_id = people_of_groups.profile_id
    inner join {{ ref("int_personalize__rule_products") }} as products
        on exclusions.rule_id = products.rule_id

),

groups as (

    select distinct group_id
    from people_of_groups

),

allowed as (

    select
        groups.group_id,
        popularity.product_id,
        popularity.popularity,
        popularity.popularity_rank,
        products.category,
        products.subcategory,
        products.brand
    from groups
    cross join {{ ref("int_personalize__product_popularity") }} as popularity
    inner join {{ ref("int_personalize__current_products") }} as products
        on popularity.product_id = products.product_id
    inner join {{ ref("int_personalize__numbered_products") }} as numbered
        on popularity.product_id = numbered.product_id
    left join forbidden
        on groups.group_id = forbidden.group_id
        and popularity.product_id = forbidden.product_id
    where popularity.window_number = 0
        and forbidden.product_id is null
    qualify row_number() over (
            partition by groups.group_id, numbered.title_key
            order by popularity.popularity_rank
        ) = 1

),

placed as (

    select
        *,
        {{ personalize.places_in_caps("group_id", "popularity_rank") }}
    from allowed

),

pools as (

    select
        *,
        row_number() over (partition by group_id order by popularity_rank) as pool_rank
    from placed
    where true {{ personalize.within_caps() }}

),

blocked_counts as (

    select
        profile_id,
        count(*) as blocked
    from {{ ref("int_personalize__blocked_products") }}
    where window_number = 0
    group by profile_id

)

select
    people_of_groups.profile_id,
    pools.product_id,
    case when pools.popularity > 0 then 'popular' else 'in_stock' end as reason_code,
    pools.pool_rank
from people_of_groups
inner join pools
    on people_of_groups.group_id = pools.group_id
left join blocked_counts
    on people_of_groups.profile_id = blocked_counts.profile_id
left join {{ ref("int_personalize__blocked_products") }} as blocked
    on people_of_groups.profile_id = blocked.profile_id
    and pools.product_id = blocked.product_id
    and blocked.window_number = 0
where blocked.product_id is null
    and pools.pool_rank <= {{ 3 * size }} + coalesce(blocked_counts.blocked, 0)
