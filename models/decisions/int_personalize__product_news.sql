-- grain: one row per recommendable product whose last change of stock or price was good news
with

versions as (

    select
        product_id,
        updated_at,
        price,
        coalesce(is_available, true) as is_available,
        lag(price) over (partition by product_id order by updated_at) as price_before,
        lag(coalesce(is_available, true)) over (partition by product_id order by updated_at)
            as was_available
    from {{ ref("stg_personalize__products") }}

),

last_stock_changes as (

    select
        product_id,
        updated_at,
        is_available
    from versions
    where is_available <> was_available
    qualify row_number() over (partition by product_id order by updated_at desc) = 1

),

last_price_changes as (

    select
        product_id,
        updated_at,
        round(cast(1 as double) - cast(price as double) / cast(price_before as double), 6)
            as price_drop_share
    from versions
    where price <> price_before
        and price_before > 0
    qualify row_number() over (partition by product_id order by updated_at desc) = 1

)

select
    products.product_id,
    case when stock.is_available then stock.updated_at end as back_in_stock_at,
    case when prices.price_drop_share > 0 then prices.updated_at end as price_dropped_at,
    case when prices.price_drop_share > 0 then prices.price_drop_share end as price_drop_share
from {{ ref("int_personalize__current_products") }} as products
left join last_stock_changes as stock
    on products.product_id = stock.product_id
left join last_price_changes as prices
    on products.product_id = prices.product_id
where products.is_recommendable
    and (stock.is_available or prices.price_drop_share > 0)
