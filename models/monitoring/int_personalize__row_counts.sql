{%- set inputs = personalize.input_contract() %}
-- grain: one row per input, with what became of its rows
with

counted as (

    {%- for input in inputs %}
    select
        '{{ input }}' as source_table,
        coalesce(count_if(row_status = 'kept'), 0) as rows_kept,
        coalesce(count_if(row_status = 'rejected'), 0) as rows_rejected,
        coalesce(count_if(row_status = 'later'), 0) as rows_later
    from {{ ref("int_personalize__checked_" ~ input) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

read_rows as (

    {%- for input in inputs %}
    {%- set relation = personalize.input_relation(input) %}
    select
        '{{ input }}' as source_table,
        {{ "count(*)" if relation is not none else "0" }} as rows_read
    {%- if relation is not none %}
    from {{ relation }}
    {%- endif %}
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    counted.source_table,
    read_rows.rows_read,
    counted.rows_kept,
    counted.rows_rejected,
    counted.rows_later
from counted
inner join read_rows
    on counted.source_table = read_rows.source_table
