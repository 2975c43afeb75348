-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("privacy_requests") }}

select
    request_id,
    requested_at,
    request_type,
    email,
    source_system,
    source_customer_id,
    record_id,
    row_status,
    reject_reason,
    row_json
from checked
