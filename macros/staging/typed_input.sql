{#- Some columns of an input in their types, straight from its relation: every row, usable or not. -#}
{% macro typed_input(input, columns) -%}
{%- set table = personalize.input_contract()[input] -%}
{%- set relation = personalize.input_relation(input) -%}
    select
        {%- for column in columns %}
        {%- set raw = "cast(" ~ (personalize.input_column(input, column) if relation is not none else "null") ~ " as varchar)" %}
        {{ personalize.typed_column(raw, table.columns[column]) }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    {%- if relation is not none %}
    from {{ relation }}
    {%- else %}
    where false
    {%- endif %}
{%- endmacro %}


{#- An account as one text; null unless both halves are there. -#}
{% macro account_of(alias="") -%}
    {%- set prefix = alias ~ "." if alias else "" -%}
    {{ prefix }}source_system || '|' || {{ prefix }}source_customer_id
{%- endmacro %}
