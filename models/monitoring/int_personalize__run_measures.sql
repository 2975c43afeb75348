-- grain: one row per run (this one is 0), input, measure and subject that is judged
with

numbered_runs as (

    select
        as_of,
        row_number() over (order by as_of desc)
        - case when max(as_of) over () = {{ personalize.as_of() }} then 1 else 0 end as run_number,
        row_number() over (order by as_of) = 1 as is_first_run
    from {{ ref("int_personalize__input_history") }}
    where as_of <= {{ personalize.as_of() }}
    group by as_of

),

changes as (

    select
        numbered_runs.run_number,
        numbered_runs.is_first_run,
        history.source_table,
        history.measure,
        history.subject,
        case
            when history.measure in ('rows_read', 'rows_rejected')
                then ln(1 + history.value) - lag(ln(1 + history.value)) over (
                    partition by history.source_table, history.measure, history.subject
                    order by history.as_of
                )
            else history.value
        end as value
    from {{ ref("int_personalize__input_history") }} as history
    inner join numbered_runs
        on history.as_of = numbered_runs.as_of
        and numbered_runs.run_number <= {{ personalize.setting("unusual_run_max_runs") }} + 1
    where history.measure in ('rows_read', 'rows_rejected', 'null_share', 'mean', 'value_share')

)

select
    run_number,
    source_table,
    measure,
    subject,
    cast(round(value, 6) as double) as value
from changes
where value is not null
    and not is_first_run
    and run_number <= {{ personalize.setting("unusual_run_max_runs") }}
