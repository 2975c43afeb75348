-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("order_lines") }}

select
    order_id,
    line_number,
    product_id,
    quantity,
    unit_price,
    discount_amount,
    record_id,
    row_status,
    reject_reason,
    row_json
from checked
