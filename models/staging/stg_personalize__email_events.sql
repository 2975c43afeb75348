-- grain: one row per e-mail event, usable and not later than as_of
select
    event_id,
    occurred_at,
    event_type,
    email,
    campaign_id,
    message_id,
    experiment_id,
    variant_id,
    product_id,
    slot,
    url,
    user_agent,
    record_id
from {{ ref("int_personalize__checked_email_events") }}
where row_status = 'kept'
