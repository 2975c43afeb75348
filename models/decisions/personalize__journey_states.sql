-- grain: one row per profile and journey: the stage it is in, or was in last, of its latest round
select
    cast(profile_id as varchar) as profile_id,
    cast(journey_id as varchar) as journey_id,
    cast(stage as varchar) as stage,
    cast(entered_at as timestamp) as entered_at,
    cast(case when exit_reason is null then next_stage end as varchar) as next_stage,
    cast(exit_reason as varchar) as exit_reason,
    cast(begun_at as timestamp) as begun_at,
    cast(leaves_at as timestamp) as leaves_at
from {{ ref("int_personalize__journey_steps") }}
where outcome = 'waiting'
    or exit_reason is not null
qualify row_number() over (partition by profile_id, journey_id order by begun_at desc) = 1
