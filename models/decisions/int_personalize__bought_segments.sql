-- grain: one row per profile that is in a bought audience segment today
with

current_segments as (

    select distinct
        profile_id,
        provider || ':' || segment as segment
    from {{ ref("int_personalize__resolved_audience_segments") }}
    where profile_id is not null
        and (valid_from is null or valid_from <= {{ personalize.as_of() }})
        and (valid_to is null or valid_to > {{ personalize.as_of() }})

)

select
    profile_id,
    '|' || {{ listagg("segment", "'|'", "order by segment") }} || '|' as segments
from current_segments
group by 1
