-- grain: one row per order, with the profile it belongs to
with

resolved as (

{{ personalize.resolved_input("orders") }}

)

select
    order_id,
    source_system,
    source_customer_id,
    email,
    ordered_at,
    status,
    currency,
    total_amount,
    record_id,
    profile_id,
    match_rule,
    match_probability,
    coalesce(lower(status) in ('{{ personalize.setting("cancelled_order_statuses") | join("', '") }}'), false) as is_cancelled
from resolved
