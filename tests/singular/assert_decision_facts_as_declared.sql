-- The facts a condition may name (macros/config/facts.sql) are the contracted columns of int_personalize__decision_facts.
{%- set types = {"number": "double", "text": "varchar", "list": "varchar", "boolean": "boolean", "timestamp": "timestamp"} %}
{%- set facts = personalize.decision_facts() %}
{%- set columns = {} %}
{%- if execute %}
{%- for column in graph.nodes["model.personalize.int_personalize__decision_facts"].columns.values() %}
{%- do columns.update({column.name: column.data_type}) %}
{%- endfor %}
{%- endif %}
select
    declared.column_name,
    declared.problem
from (
    {%- for fact, type in facts.items() if execute and columns.get(fact) != types[type] %}
    select
        '{{ fact }}' as column_name,
        'declared as {{ type }}, contracted as {{ columns.get(fact) }}' as problem
    union all
    {%- endfor %}
    {%- for column in columns if column not in facts and column != "profile_id" %}
    select
        '{{ column }}' as column_name,
        'contracted but not declared' as problem
    union all
    {%- endfor %}
    select
        cast(null as varchar) as column_name,
        cast(null as varchar) as problem
) as declared
where declared.problem is not null
-- depends_on: {{ ref("int_personalize__decision_facts") }}
