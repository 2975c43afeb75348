{{ config(**personalize.event_batches("web_events")) }}

-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("web_events") }}

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
    batch_day,
    row_status,
    reject_reason,
    row_json
from checked
