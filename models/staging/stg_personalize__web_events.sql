-- grain: one row per web event, usable and not later than as_of
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
    record_id
from {{ ref("int_personalize__checked_web_events") }}
where row_status = 'kept'
