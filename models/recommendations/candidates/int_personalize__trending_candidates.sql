-- grain: one row per window, profile and product that more people buy than usual
select
    requests.window_number,
    requests.profile_id,
    products.product_id,
    'trending' as strategy,
    products.trend as score,
    products.trend_rank as strategy_rank,
    'trending' as reason_code,
    cast(null as varchar) as evidence_product_id
from {{ ref("int_personalize__recommendation_requests") }} as requests
inner join {{ ref("int_personalize__product_popularity") }} as products
    on requests.window_number = products.window_number
left join {{ ref("int_personalize__blocked_products") }} as blocked
    on requests.window_number = blocked.window_number
    and requests.profile_id = blocked.profile_id
    and products.product_id = blocked.product_id
where products.trend_rank <= {{ personalize.setting("recommendations_per_profile") }}
    and products.trend > 0
    and products.buyers >= 3
    and blocked.product_id is null
