-- grain: one row per profile that is in a journey today
with

places as (

    select
        profile_id,
        journey_id as place
    from {{ ref("personalize__journey_states") }}
    where exit_reason is null
    union all
    select
        profile_id,
        journey_id || '.' || stage as place
    from {{ ref("personalize__journey_states") }}
    where exit_reason is null

)

select
    profile_id,
    '|' || {{ listagg("place", "'|'", "order by place") }} || '|' as journeys
from places
group by 1
