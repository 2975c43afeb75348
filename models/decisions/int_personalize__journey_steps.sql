-- grain: one row per profile, journey, time it began and stage reached
with

entries as (

    select
        profile_id,
        journey_id,
        begun_at,
        ended_at,
        end_reason
    from {{ ref("int_personalize__journey_entries") }}

),

events as (

    select
        profile_id,
        event,
        occurred_at,
        amount
    from {{ ref("int_personalize__journey_events") }}

),

{{ personalize.journey_step_rows() }}

select
    profile_id,
    journey_id,
    begun_at,
    stage,
    entered_at,
    leaves_at,
    next_stage,
    outcome,
    exit_reason
from all_steps
