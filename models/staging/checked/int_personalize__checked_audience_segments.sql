-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("audience_segments") }}

select
    provider,
    segment,
    email,
    source_system,
    source_customer_id,
    score,
    valid_from,
    valid_to,
    record_id,
    row_status,
    reject_reason,
    row_json
from checked
