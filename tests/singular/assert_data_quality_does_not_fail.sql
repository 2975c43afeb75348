-- one row per finding for which the exports wait, as data_quality_severities says
select
    check_name,
    source_table,
    subject,
    measured_value,
    expected_value
from {{ ref("personalize__data_quality") }}
where severity = 'fail'
