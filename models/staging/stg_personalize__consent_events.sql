-- grain: one row per consent event, usable and not later than as_of
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
    record_id
from {{ ref("int_personalize__checked_consent_events") }}
where row_status = 'kept'
