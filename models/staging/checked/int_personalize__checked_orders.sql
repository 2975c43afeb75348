-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("orders") }}

select
    order_id,
    source_system,
    source_customer_id,
    email,
    ordered_at,
    status,
    currency,
    total_amount,
    record_id,
    row_status,
    reject_reason,
    row_json
from checked
