-- grain: one row per journey and stage
with

stages as (

    {{ personalize.journey_stage_rows() | indent(4) }}

),

begun as (

    select
        journey_id,
        count(*) as beginnings
    from {{ ref("int_personalize__journey_entries") }}
    group by 1

),

counts as (

    select
        journey_id,
        stage,
        count(*) as reached,
        count_if(outcome = 'skipped') as skipped,
        count_if(outcome = 'waiting') as waiting,
        count_if(outcome in ('moved_on', 'skipped') and exit_reason is null) as moved_on,
        count_if(exit_reason = 'completed') as completed,
        count_if(exit_reason = 'converted') as converted,
        count_if(exit_reason not in ('completed', 'converted')) as dropped_off
    from {{ ref("int_personalize__journey_steps") }}
    group by 1, 2

)

select
    cast(stages.journey_id as varchar) as journey_id,
    cast(stages.stage as varchar) as stage,
    cast(stages.step as bigint) as step,
    {%- for column in [
        "reached", "skipped", "waiting", "moved_on", "completed", "converted", "dropped_off",
    ] %}
    cast(coalesce(counts.{{ column }}, 0) as bigint) as {{ column }},
    {%- endfor %}
    cast(round(cast(coalesce(counts.reached, 0) as double) / begun.beginnings, 6) as double)
        as reached_share,
    cast(round(cast(coalesce(counts.converted, 0) as double) / counts.reached, 6) as double)
        as converted_share,
    cast(round(cast(coalesce(counts.dropped_off, 0) as double) / counts.reached, 6) as double)
        as drop_off_share
from stages
left join begun
    on stages.journey_id = begun.journey_id
left join counts
    on stages.journey_id = counts.journey_id
    and stages.stage = counts.stage
