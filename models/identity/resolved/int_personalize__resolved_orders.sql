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
    coalesce({{ personalize.is_listed("lower(status)", "cancelled_order_statuses") }}, false)
        as is_cancelled
from resolved
