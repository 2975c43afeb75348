{%- set types = {
    "number": "double", "text": "varchar", "list": "varchar", "boolean": "boolean",
    "timestamp": "timestamp",
} %}
{%- set columns = {} %}
{%- if execute %}
{%- set model = graph.nodes["model.personalize.int_personalize__decision_facts"] %}
{%- for column in model.columns.values() %}
{%- do columns.update({column.name: column.data_type}) %}
{%- endfor %}
{%- endif -%}
-- The facts a condition may name (macros/config/facts.sql) are the contracted columns of
-- int_personalize__decision_facts.
-- depends_on: {{ ref("int_personalize__decision_facts") }}
with

problems as (

    {%- for fact, type in personalize.decision_facts().items() %}
    {%- if execute and columns.get(fact) != types[type] %}
    select
        '{{ fact }}' as column_name,
        'declared as {{ type }}, contracted as {{ columns.get(fact) }}' as problem
    union all
    {%- endif %}
    {%- endfor %}
    {%- for column in columns if column not in personalize.decision_facts() %}
    {%- if column != "profile_id" %}
    select
        '{{ column }}' as column_name,
        'contracted but not declared' as problem
    union all
    {%- endif %}
    {%- endfor %}
    select
        cast(null as varchar) as column_name,
        cast(null as varchar) as problem

)

select
    column_name,
    problem
from problems
where problem is not null
