-- grain: one row per window and recommendable product, as known at the cutoff
{%- set history_days = personalize.setting("interaction_history_days") | int %}
with

paid as (

    select
        windows.window_number,
        purchases.product_id,
        cast(sum(purchases.net_amount) as double)
        / cast({{ personalize.exact_sum("purchases.quantity") }} as double) as price
    from {{ ref("int_personalize__recommendation_windows") }} as windows
    inner join {{ ref("int_personalize__purchases") }} as purchases
        on windows.cutoff_at >= purchases.ordered_at
        and purchases.ordered_at > {{ dbt.dateadd("day", -history_days, "windows.cutoff_at") }}
    where purchases.quantity > 0
    group by windows.window_number, purchases.product_id

)

select
    popularity.window_number,
    popularity.product_id,
    catalogue.category,
    popularity.popularity,
    popularity.trend,
    popularity.buyers,
    shares.repeat_share,
    shares.repeat_buyers,
    round(paid.price, 4) as price
from {{ ref("int_personalize__product_popularity") }} as popularity
inner join {{ ref("int_personalize__current_products") }} as catalogue
    on popularity.product_id = catalogue.product_id
left join {{ ref("int_personalize__replenishable_products") }} as shares
    on popularity.window_number = shares.window_number
    and popularity.product_id = shares.product_id
left join paid
    on popularity.window_number = paid.window_number
    and popularity.product_id = paid.product_id
