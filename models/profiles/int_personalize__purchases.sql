-- grain: one row per order line with a quantity, of an order that was not cancelled
select
    lines.order_id,
    lines.line_number,
    orders.profile_id,
    lines.product_id,
    orders.ordered_at,
    cast(lines.quantity as double) as quantity,
    cast(
        round(
            lines.quantity * coalesce(lines.unit_price, 0)
            - case when lines.quantity < 0 then -1 else 1 end
            * abs(coalesce(lines.discount_amount, 0)), 4
        ) as decimal(18, 4)
    ) as net_amount,
    lines.quantity < 0 as is_return
from {{ ref("stg_personalize__order_lines") }} as lines
inner join {{ ref("int_personalize__resolved_orders") }} as orders
    on lines.order_id = orders.order_id
where not orders.is_cancelled
    and lines.quantity <> 0
