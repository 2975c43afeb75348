-- grain: one row per window, profile and product that was bought before and may be again
with

bought as (

    select
        interactions.window_number,
        interactions.profile_id,
        interactions.product_id,
        round(
            interactions.weight
            * ln(1 + interactions.purchase_count)
            * replenishable.repeat_share, 6
        ) as score
    from {{ ref("int_personalize__interactions") }} as interactions
    inner join {{ ref("int_personalize__recommendation_requests") }} as requests
        on interactions.window_number = requests.window_number
        and interactions.profile_id = requests.profile_id
    inner join {{ ref("int_personalize__replenishable_products") }} as replenishable
        on interactions.window_number = replenishable.window_number
        and interactions.product_id = replenishable.product_id
    inner join {{ ref("int_personalize__numbered_products") }} as products
        on interactions.product_id = products.product_id
    left join {{ ref("int_personalize__blocked_products") }} as blocked
        on interactions.window_number = blocked.window_number
        and interactions.profile_id = blocked.profile_id
        and interactions.product_id = blocked.product_id
    where interactions.purchase_count > 0
        and products.is_recommendable
        and blocked.product_id is null

)

select
    window_number,
    profile_id,
    product_id,
    'buy_again' as strategy,
    score,
    row_number() over (
        partition by window_number, profile_id
        order by score desc, product_id
    ) as strategy_rank,
    'bought_before' as reason_code,
    product_id as evidence_product_id
from bought
qualify strategy_rank <= {{ [
        personalize.setting("recommendations_per_profile") | int,
        personalize.setting("recommendation_buy_again_candidates") | int,
    ] | max }}
