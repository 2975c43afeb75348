-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("consent_events") }}

select
    event_id,
    occurred_at,
    recorded_at,
    email,
    source_system,
    source_customer_id,
    channel,
    purpose,
    status,
    lawful_basis,
    collected_via,
    notice_version,
    jurisdiction,
    expires_at,
    tcf_string,
    gpc,
    record_id,
    row_status,
    reject_reason,
    row_json
from checked
