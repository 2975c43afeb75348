-- grain: one row per input whose measures, taken together, are more unusual than in any earlier run
select
    cast(source_table as varchar) as source_table,
    cast(leading_measure as varchar) as leading_measure,
    cast(score as double) as score,
    cast(highest_earlier_score as double) as highest_earlier_score,
    cast(runs as bigint) as runs
from {{ ref("int_personalize__run_isolation") }}
where score >= {{ personalize.setting("unusual_run_score") }}
    and score > highest_earlier_score
