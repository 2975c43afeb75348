-- grain: one row per input, measure and subject of this run that lies far from what is usual
with

seen_now as (

    select
        source_table,
        measure,
        subject,
        value
    from {{ ref("int_personalize__input_history") }}
    where as_of = {{ personalize.as_of() }}

),

earlier_runs as (

    select distinct as_of
    from {{ ref("int_personalize__input_history") }}
    where as_of < {{ personalize.as_of() }}
    order by as_of desc
    limit {{ personalize.setting("anomaly_history_runs") }}

),

history as (

    select
        seen.source_table,
        seen.measure,
        seen.subject,
        seen.value
    from {{ ref("int_personalize__input_history") }} as seen
    inner join earlier_runs
        on seen.as_of = earlier_runs.as_of
    where seen.measure in ({{ personalize.listed(personalize.compared_measures()) }})

),

usual as (

    select
        source_table,
        measure,
        subject,
        median(value) as usual_value,
        count(*) as runs
    from history
    group by source_table, measure, subject
    having count(*) >= {{ personalize.setting("anomaly_min_runs") }}

),

inputs_with_shares as (

    select distinct source_table
    from seen_now
    where measure = 'value_share'

),

this_run as (

    select
        source_table,
        measure,
        subject,
        value
    from seen_now
    union all
    select
        usual.source_table,
        usual.measure,
        usual.subject,
        0 as value
    from usual
    inner join inputs_with_shares
        on usual.source_table = inputs_with_shares.source_table
    left join seen_now
        on usual.source_table = seen_now.source_table
        and usual.measure = seen_now.measure
        and usual.subject = seen_now.subject
    where usual.measure = 'value_share' and seen_now.source_table is null

),

spreads as (

    select
        usual.source_table,
        usual.measure,
        usual.subject,
        usual.usual_value,
        median(abs(history.value - usual.usual_value)) as spread
    from usual
    inner join history
        on usual.source_table = history.source_table
        and usual.measure = history.measure
        and usual.subject = history.subject
    group by usual.source_table, usual.measure, usual.subject, usual.usual_value

),

scored as (

    select
        this_run.source_table,
        this_run.measure,
        this_run.subject,
        this_run.value,
        spreads.usual_value,
        round(
            0.6745 * (this_run.value - spreads.usual_value)
            / greatest(spreads.spread, {{ personalize.least_spread() }}), 6
        ) as robust_z_score
    from this_run
    inner join spreads
        on this_run.source_table = spreads.source_table
        and this_run.measure = spreads.measure
        and this_run.subject = spreads.subject

)

select
    source_table,
    measure,
    subject,
    value,
    usual_value,
    robust_z_score
from scored
where abs(robust_z_score) > {{ personalize.setting("anomaly_robust_z_score") }}
