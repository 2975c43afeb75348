-- grain: one row per window, profile and popular product, enough to fill any list
{%- set size = personalize.setting("recommendations_per_profile") %}
with

blocked_counts as (

    select
        window_number,
        profile_id,
        count(*) as blocked
    from {{ ref("int_personalize__blocked_products") }}
    group by window_number, profile_id

)

select
    requests.window_number,
    requests.profile_id,
    products.product_id,
    'popular' as strategy,
    products.popularity as score,
    products.title_rank as strategy_rank,
    case when products.popularity > 0 then 'popular' else 'in_stock' end as reason_code,
    cast(null as varchar) as evidence_product_id
from {{ ref("int_personalize__recommendation_requests") }} as requests
left join blocked_counts
    on requests.window_number = blocked_counts.window_number
    and requests.profile_id = blocked_counts.profile_id
inner join {{ ref("int_personalize__product_popularity") }} as products
    on requests.window_number = products.window_number
    and products.title_rank <= {{ size }} + coalesce(blocked_counts.blocked, 0)
left join {{ ref("int_personalize__blocked_products") }} as blocked
    on requests.window_number = blocked.window_number
    and requests.profile_id = blocked.profile_id
    and products.product_id = blocked.product_id
where blocked.product_id is null
