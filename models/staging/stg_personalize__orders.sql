-- grain: one row per order, usable and not later than as_of
select
    order_id,
    source_system,
    source_customer_id,
    email,
    ordered_at,
    status,
    currency,
    total_amount,
    record_id
from {{ ref("int_personalize__checked_orders") }}
where row_status = 'kept'
