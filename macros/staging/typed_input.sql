{#- Some columns of an input in their types, straight from its relation: every row, usable or not. -#}
{% macro typed_input(input, columns) -%}
{%- set table = personalize.input_contract()[input] -%}
{%- set relation = personalize.input_relation(input) -%}
    select
        {%- for column in columns %}
        {{ personalize.typed_column("raw_" ~ column, table.columns[column]) }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
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
    ) as raw_{{ input }}
{%- endmacro %}


{#- An account as one text; null unless both halves are there. A | in the system's name is written %7C, so that no two
    accounts share a text. -#}
{% macro account_of(alias="") -%}
    {%- set prefix = alias ~ "." if alias else "" -%}
    replace(replace({{ prefix }}source_system, '%', '%25'), '|', '%7C') || '|' || {{ prefix }}source_customer_id
{%- endmacro %}
