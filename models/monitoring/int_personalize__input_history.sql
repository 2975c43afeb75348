{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="as_of",
        on_schema_change="append_new_columns",
        full_refresh=false,
    )
}}
{%- set inputs = personalize.input_contract() %}

-- grain: one row per run (as_of), input, measure and subject
with

{% for input, table in inputs.items() -%}
{{ input }}_totals as (

    select
        count(*) as rows_kept,
        {%- for column, spec in table.columns.items() if not spec[1] %}
        count({{ column }}) as {{ column }}_count,
        {%- endfor %}
        {%- if table.get("time") %}
        max({{ table.time }}) as newest_at
        {%- else %}
        cast(null as timestamp) as newest_at
        {%- endif %}
    from {{ ref("int_personalize__checked_" ~ input) }}
    where row_status = 'kept'

),

{% endfor -%}

measures as (

    {%- for outcome in ["read", "kept", "rejected"] %}
    select
        source_table,
        'rows_{{ outcome }}' as measure,
        cast('' as varchar) as subject,
        cast(rows_{{ outcome }} as double) as value
    from {{ ref("int_personalize__row_counts") }}
    union all
    {%- endfor %}
    {%- for input, table in inputs.items() %}
    select
        '{{ input }}' as source_table,
        'rows_rejected_by_reason' as measure,
        {%- if "source_system" in table.columns %}
        reject_reason || coalesce(' in ' || source_system, '') as subject,
        {%- else %}
        reject_reason as subject,
        {%- endif %}
        cast(count(*) as double) as value
    from {{ ref("int_personalize__checked_" ~ input) }}
    where row_status = 'rejected'
    group by 3
    union all
    select
        '{{ input }}' as source_table,
        'hours_since_newest' as measure,
        cast('' as varchar) as subject,
        round(
            datediff('second', newest_at, {{ personalize.as_of() }}) / cast(3600 as double), 3
        ) as value
    from {{ input }}_totals
    where newest_at is not null
    {%- for column, spec in table.columns.items() if not spec[1] %}
    union all
    select
        '{{ input }}' as source_table,
        'null_share' as measure,
        '{{ column }}' as subject,
        round(1 - {{ column }}_count / cast(rows_kept as double), 6) as value
    from {{ input }}_totals
    where rows_kept > 0
    {%- endfor %}
    union all
    {%- endfor %}
    select
        source_table,
        measure,
        subject,
        value
    from {{ ref("int_personalize__input_distributions") }}

)

select
    {{ personalize.as_of() }} as as_of,
    source_table,
    measure,
    subject,
    value
from measures
where {{ personalize.is_latest_run() }}
