-- grain: one row per privacy request, with the profile it belongs to
with

resolved as (

    {{ personalize.resolved_input("privacy_requests") }}

)

select
    request_id,
    requested_at,
    request_type,
    email,
    source_system,
    source_customer_id,
    record_id,
    profile_id,
    match_rule,
    match_probability
from resolved
