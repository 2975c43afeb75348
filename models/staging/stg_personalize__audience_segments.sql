-- grain: one row per membership of a bought segment, usable and not later than as_of
select
    provider,
    segment,
    email,
    source_system,
    source_customer_id,
    score,
    valid_from,
    valid_to,
    record_id
from {{ ref("int_personalize__checked_audience_segments") }}
where row_status = 'kept'
