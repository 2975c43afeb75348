{{ config(**personalize.event_batches("email_events")) }}

-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("email_events") }}

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
    record_id,
    batch_day,
    row_status,
    reject_reason,
    row_json
from checked
