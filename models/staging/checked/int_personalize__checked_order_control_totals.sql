-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("order_control_totals") }}

select
    source_system,
    order_date,
    order_count,
    total_amount,
    record_id,
    row_status,
    reject_reason,
    row_json
from checked
