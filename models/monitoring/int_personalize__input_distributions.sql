{%- set inputs = personalize.input_contract() %}
-- grain: one row per input, measure and subject, of the rows that are kept
with

numbers as (

    {%- for input, table in inputs.items() %}
    {%- for column, spec in table.columns.items() if spec[0] in ("number", "integer") %}
    select
        '{{ input }}' as source_table,
        '{{ column }}' as subject,
        sum({{ column }}) / cast(count({{ column }}) as double) as value
    from {{ ref("int_personalize__checked_" ~ input) }}
    where row_status = 'kept'
    having count({{ column }}) > 0
    union all
    {%- endfor %}
    {%- endfor %}
    select
        cast(null as varchar) as source_table,
        cast(null as varchar) as subject,
        cast(null as double) as value
    where 1 = 0

),

kinds as (

    {%- for input, table in inputs.items() %}
    {%- for column in personalize.watched_columns(table) %}
    select
        '{{ input }}' as source_table,
        '{{ column }}' as column_name,
        cast({{ column }} as varchar) as kind,
        count(*) as rows_of_kind
    from {{ ref("int_personalize__checked_" ~ input) }}
    where row_status = 'kept' and {{ column }} is not null
    group by 3
    union all
    {%- endfor %}
    {%- endfor %}
    select
        cast(null as varchar) as source_table,
        cast(null as varchar) as column_name,
        cast(null as varchar) as kind,
        cast(null as bigint) as rows_of_kind
    where 1 = 0

),

counted as (

    select
        source_table,
        column_name || ' = ' || kind as subject,
        rows_of_kind,
        sum(rows_of_kind) over (partition by source_table, column_name) as rows_of_all
    from kinds

),

shares as (

    select
        source_table,
        subject,
        rows_of_all,
        rows_of_kind / cast(rows_of_all as double) as share
    from counted

)

select
    source_table,
    'mean' as measure,
    subject,
    cast(round(value, 6) as double) as value
from numbers
union all
select
    source_table,
    'value_share' as measure,
    subject,
    cast(round(share, 6) as double) as value
from shares
where share >= {{ personalize.setting("watched_value_min_share") }}
    and rows_of_all >= {{ personalize.setting("watched_value_min_rows") }}
