-- grain: one row per privacy request, usable and not later than as_of
select
    request_id,
    requested_at,
    request_type,
    email,
    source_system,
    source_customer_id,
    record_id
from {{ ref("int_personalize__checked_privacy_requests") }}
where row_status = 'kept'
