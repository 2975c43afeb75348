-- grain: one row per source system and day, usable and not later than as_of
select
    source_system,
    order_date,
    order_count,
    total_amount,
    record_id
from {{ ref("int_personalize__checked_order_control_totals") }}
where row_status = 'kept'
