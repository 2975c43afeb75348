-- grain: one row per web event, with the profile it belongs to
with

resolved as (

    {{ personalize.resolved_input("web_events") }}

)

select
    event_id,
    occurred_at,
    event_type,
    anonymous_id,
    source_system,
    source_customer_id,
    email,
    session_id,
    product_id,
    category,
    search_query,
    url,
    user_agent,
    record_id,
    profile_id,
    match_rule,
    match_probability,
    coalesce({{ personalize.is_robot("user_agent") }}, false) as is_bot
from resolved
