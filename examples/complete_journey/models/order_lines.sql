-- grain: one row per row of the source: unknown products, quantity 0 (coupons, voids) and all
with

transactions as (

    select
        transactions.basket_id,
        transactions.product_id,
        -- at the pump the quantity is in thousandths of a gallon
        case
            when products.product_type like 'GASOLINE%' and transactions.quantity >= 100
                then transactions.quantity / 1000.0
            else transactions.quantity
        end as quantity,
        transactions.sales_value,
        transactions.retail_disc + transactions.coupon_match_disc as discount
    from {{ source("complete_journey", "transactions") }} as transactions
    left join {{ source("complete_journey", "products") }} as products
        on transactions.product_id = products.product_id

)

select
    cast(basket_id as varchar) as order_id,
    row_number() over (partition by basket_id order by product_id) as line_number,
    cast(product_id as varchar) as product_id,
    cast(quantity as decimal(18, 4)) as quantity,
    cast((sales_value + discount) / nullif(quantity, 0) as decimal(18, 4)) as unit_price,
    cast(discount as decimal(18, 4)) as discount_amount
from transactions
