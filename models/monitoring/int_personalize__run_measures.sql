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

measured as (

    select
        numbered_runs.run_number,
        numbered_runs.is_first_run,
        history.source_table,
        history.measure,
        history.subject,
        history.value,
        lag(history.value) over (
            partition by history.source_table, history.measure, history.subject
            order by history.as_of
        ) as value_before
    from {{ ref("int_personalize__input_history") }} as history
    inner join numbered_runs
        on history.as_of = numbered_runs.as_of
        and numbered_runs.run_number <= {{ personalize.setting("unusual_run_max_runs") }} + 1
    where history.measure in ({{ personalize.listed(personalize.compared_measures()) }})

),

entered as (

    select
        measured.run_number,
        measured.is_first_run,
        measured.source_table,
        measured.measure,
        measured.subject,
        case
            when measured.measure in ('rows_read', 'rows_rejected')
                then ln(1 + measured.value) - ln(1 + measured.value_before)
            else measured.value
        end as value
    from measured

)

select
    run_number,
    source_table,
    measure,
    subject,
    cast(round(value, 6) as double) as value
from entered
where value is not null
    and not is_first_run
    and run_number <= {{ personalize.setting("unusual_run_max_runs") }}
