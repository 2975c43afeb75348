{#-
    Some columns of an input in their types, straight from its relation: every row, usable or not. is_usable says whether
    the row would be kept, duplicates aside.
-#}
{% macro typed_input(input, columns) -%}
{%- set table = personalize.input_contract()[input] -%}
{%- set read = [] -%}
{%- for column, spec in table.columns.items() -%}
    {%- if column in columns or spec[1] or column == table.get("time") or table.get("names_person") and spec[0] != "text" -%}
        {%- do read.append(column) -%}
    {%- endif -%}
{%- endfor -%}
    select
        {%- for column in columns %}
        typed.{{ column }},
        {%- endfor %}
        {{ personalize.row_problem(table) }} is null
        {%- if table.get("time") %}
        and not coalesce({{ personalize.happened_later(input, "typed." ~ table.time) }}, false)
        {%- endif %} as is_usable
    from (
        {{ personalize.typed_rows(input, read) | indent(8) }}
    ) as typed
{%- endmacro %}


{#- Columns of an input in their types, and beside each as raw_ the text they were read from: every row of its relation. -#}
{% macro typed_rows(input, columns) -%}
{%- set table = personalize.input_contract()[input] -%}
{%- set relation = personalize.input_relation(input) -%}
select
    {%- for column in columns %}
    {{ personalize.typed_column("raw_" ~ column, table.columns[column]) }} as {{ column }},
    {%- endfor %}
    raw.*
from (
    select
        {%- for column in columns %}
        {{ personalize.raw_text(input, column) }} as raw_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    {%- if relation is not none %}
    from {{ relation }}
    {%- else %}
    where false
    {%- endif %}
) as raw
{%- endmacro %}


{#-
    An account as one text; null unless both halves are there. A | in the system's name is written %7C, so that no two
    accounts share a text.
-#}
{% macro account_of(alias="") -%}
    {%- set prefix = alias ~ "." if alias else "" -%}
    replace(replace({{ prefix }}source_system, '%', '%25'), '|', '%7C') || '|' || {{ prefix }}source_customer_id
{%- endmacro %}
