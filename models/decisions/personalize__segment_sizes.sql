-- grain: one row per run and segment somebody has ever been in
with

moves as (

    select
        segment_id,
        entered_at as moved_at,
        1 as entered,
        0 as left_it
    from {{ ref("personalize__segment_history") }}
    union all
    select
        segment_id,
        left_at as moved_at,
        0 as entered,
        1 as left_it
    from {{ ref("personalize__segment_history") }}
    where left_at <= {{ personalize.as_of() }}

),

runs as (

    select distinct as_of
    from {{ ref("int_personalize__runs") }}
    where as_of <= {{ personalize.as_of() }}

),

segments as (

    select distinct segment_id
    from moves

),

moves_per_run as (

    select
        runs.as_of,
        segments.segment_id,
        coalesce(sum(moves.entered), 0) as entered,
        coalesce(sum(moves.left_it), 0) as left_it
    from runs
    cross join segments
    left join moves
        on runs.as_of = moves.moved_at
        and segments.segment_id = moves.segment_id
    group by 1, 2

)

select
    cast(as_of as timestamp) as as_of,
    cast(segment_id as varchar) as segment_id,
    cast(
        sum(entered - left_it) over (
            partition by segment_id
            order by as_of
            rows between unbounded preceding and current row
        ) as bigint
    ) as people,
    cast(entered as bigint) as entered,
    cast(left_it as bigint) as left_it
from moves_per_run
