-- grain: one row per product sold up to as_of: what it cost, and whether it was on the shelf lately
with

sales as (

    select
        lines.product_id,
        lines.unit_price,
        orders.ordered_at,
        max(orders.ordered_at) over (partition by lines.product_id) as last_sold_at
    from {{ ref("order_lines") }} as lines
    inner join {{ ref("orders") }} as orders
        on lines.order_id = orders.order_id
    where orders.ordered_at <= {{ personalize.as_of() }} and lines.unit_price > 0

)

select
    product_id,
    min(ordered_at) as first_sold_at,
    max(last_sold_at) as last_sold_at,
    round(median(case when ordered_at > last_sold_at - interval 56 day then unit_price end), 2) as price,
    max(last_sold_at) > {{ personalize.as_of() }} - interval 56 day as is_on_shelf
from sales
group by product_id
