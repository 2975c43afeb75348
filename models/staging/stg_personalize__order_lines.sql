-- grain: one row per order line, usable and not later than as_of
select
    order_id,
    line_number,
    product_id,
    quantity,
    unit_price,
    discount_amount,
    record_id
from {{ ref("int_personalize__checked_order_lines") }}
where row_status = 'kept'
