-- grain: one row per consent event, with the profile it belongs to
with

resolved as (

    {{ personalize.resolved_input("consent_events") }}

)

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
    profile_id,
    match_rule,
    match_probability
from resolved
