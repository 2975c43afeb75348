{{
    config(
        enabled=personalize.setting("match_likely_pairs"),
        **personalize.kept_table(["comparison", "said"], "share is null")
    )
}}

{%- set comparisons = personalize.match_comparisons() %}
-- grain: one row per comparison and value that two records or more say, with its share of records
-- counted when parameters are learnt; a value that no record says any more goes
-- the row without a value is for those that were said once at most
with

learnt as (

    select max(learnt_at) as learnt_at
    from {{ ref("int_personalize__match_limits") }}

),

{% if is_incremental() -%}
due as (

    select learnt.learnt_at
    from learnt
    where learnt.learnt_at is distinct from (
        select max(known.learnt_at)
        from {{ this }} as known
    )

),

gone as (

    {%- for id, comparison in comparisons.items() if comparison.kind != "exact" %}
    select
        known.comparison,
        known.said
    from {{ this }} as known
    where known.comparison = '{{ id }}'
        and known.said <> ''
        and not exists (
            select 1
            from {{ ref("int_personalize__match_records") }} as still
            where still.{{ id }} = known.said
        )
    union all
    {%- endfor %}
    select
        known.comparison,
        known.said
    from {{ this }} as known
    where exists (select 1 from due)
        or not exists (select 1 from {{ ref("int_personalize__match_records") }})

),

{% endif -%}
due_records as (

    select records_now.*
    from {{ ref("int_personalize__match_records") }} as records_now
    cross join {{ "due" if is_incremental() else "learnt" }}

),

counted as (

    {%- for id, comparison in comparisons.items() if comparison.kind != "exact" %}
    select
        '{{ id }}' as comparison,
        {{ id }} as said,
        count(*) as records
    from due_records
    where {{ id }} is not null
    group by {{ id }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

totals as (

    select
        comparison,
        cast(sum(records) as double) as records
    from counted
    group by comparison

)

select
    counted.comparison,
    counted.said,
    cast(counted.records as double) / totals.records as share,
    learnt.learnt_at
from counted
inner join totals
    on counted.comparison = totals.comparison
cross join learnt
where counted.records > 1
union all
select
    totals.comparison,
    '' as said,
    cast(1 as double) / totals.records as share,
    learnt.learnt_at
from totals
cross join learnt
{%- if is_incremental() %}
union all
select
    comparison,
    said,
    cast(null as double) as share,
    cast(null as timestamp) as learnt_at
from gone
{%- endif %}
