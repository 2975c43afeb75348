-- Promise 7, from the catalogue and the orders themselves: one row per recommendation of a product
-- that is not for sale, unpriced, excluded, or bought too recently without being due again.
with

offered as (

    select
        recommendations.profile_id,
        recommendations.product_id,
        recommendations.strategy,
        products.product_id is not null
        and products.is_available
        and coalesce(products.price > 0, false)
        and not coalesce(
            {{ personalize.is_listed("products.product_id", "excluded_products") }}, false
        )
        and not coalesce(
            {{ personalize.is_listed("products.category", "excluded_categories") }}, false
        ) as is_for_sale
    from {{ ref("personalize__recommendations") }} as recommendations
    left join {{ ref("int_personalize__current_products") }} as products
        on recommendations.product_id = products.product_id

),

recent_purchases as (

    select distinct
        profile_id,
        product_id
    from {{ ref("int_personalize__purchases") }}
    where quantity > 0
        and ordered_at > {{ dbt.dateadd(
            "day", -(personalize.setting("exclude_bought_within_days") | int), personalize.as_of()
        ) }}

)

select
    offered.profile_id,
    offered.product_id,
    offered.strategy,
    offered.is_for_sale,
    recent_purchases.product_id is not null as is_bought_recently
from offered
left join recent_purchases
    on offered.profile_id = recent_purchases.profile_id
    and offered.product_id = recent_purchases.product_id
where not offered.is_for_sale
    or (recent_purchases.product_id is not null and offered.strategy <> 'replenishment')
