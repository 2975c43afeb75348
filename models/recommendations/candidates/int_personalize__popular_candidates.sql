-- grain: one row per window, profile and popular product, enough to fill any list
{%- set caps = personalize.recommendation_rules_of(["cap"]) %}
{%- set size = [
    personalize.setting("recommendations_per_profile") | int,
    personalize.slots().values() | sum(attribute="positions"),
] | max %}
{%- set depth = 3 * size if caps else size %}
with

blocked_counts as (

    select
        window_number,
        profile_id,
        count(*) as blocked
    from {{ ref("int_personalize__blocked_products") }}
    group by window_number, profile_id

),

most_blocked as (

    select coalesce(max(blocked), 0) as blocked
    from blocked_counts

),

placed as (

    select
        popularity.window_number,
        popularity.product_id,
        popularity.popularity,
        popularity.title_rank,
        {{ personalize.places_in_caps("popularity.window_number", "popularity.title_rank") }}
    from {{ ref("int_personalize__product_popularity") }} as popularity
    inner join {{ ref("int_personalize__current_products") }} as products
        on popularity.product_id = products.product_id
    where popularity.title_rank is not null

),

pool as (

    select
        *,
        {% if caps -%}
        case
            when true {{ personalize.within_caps() }}
                then row_number() over (
                        partition by
                            window_number,
                            case when true {{ personalize.within_caps() }} then 1 else 0 end
                        order by title_rank
                    )
        end
        {%- else -%}
        title_rank
        {%- endif %} as capped_rank
    from placed

),

reachable as (

    select pool.*
    from pool
    cross join most_blocked
    where pool.title_rank <= {{ size }} + most_blocked.blocked
        or pool.capped_rank <= {{ depth }} + most_blocked.blocked

)

select
    requests.window_number,
    requests.profile_id,
    reachable.product_id,
    'popular' as strategy,
    reachable.popularity as score,
    reachable.title_rank as strategy_rank,
    case when reachable.popularity > 0 then 'popular' else 'in_stock' end as reason_code,
    cast(null as varchar) as evidence_product_id
from {{ ref("int_personalize__recommendation_requests") }} as requests
left join blocked_counts
    on requests.window_number = blocked_counts.window_number
    and requests.profile_id = blocked_counts.profile_id
inner join reachable
    on requests.window_number = reachable.window_number
    and (
        reachable.title_rank <= {{ size }} + coalesce(blocked_counts.blocked, 0)
        {%- if caps %}
        or reachable.capped_rank <= {{ depth }} + coalesce(blocked_counts.blocked, 0)
        {%- endif %}
    )
left join {{ ref("int_personalize__blocked_products") }} as blocked
    on requests.window_number = blocked.window_number
    and requests.profile_id = blocked.profile_id
    and reachable.product_id = blocked.product_id
where blocked.product_id is null
