-- grain: one row per membership of a bought segment, with the profile it belongs to
with

resolved as (

    {{ personalize.resolved_input("audience_segments") }}

)

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
    profile_id,
    match_rule,
    match_probability
from resolved
