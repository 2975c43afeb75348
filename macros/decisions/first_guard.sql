{#- SQL: the first of a rule's guards that holds, as guard:<id>; null where none does. -#}
{% macro first_guard(guards) -%}
    {%- if guards -%}
case
        {%- for guard, condition in guards.items() %}
    when {{ condition }} then 'guard:{{ guard }}'
        {%- endfor %}
end
    {%- else -%}
cast(null as varchar)
    {%- endif -%}
{%- endmacro %}


{#- A query of no hits, for a project without a rule. -#}
{% macro no_hits() -%}
select
    profile_id,
    cast(null as varchar) as rule_id,
    0 as priority,
    cast(null as timestamp) as triggered_at,
    cast(null as varchar) as product_id,
    cast(0 as double) as cooldown_days,
    cast(null as varchar) as guard
from {{ ref("personalize", "int_personalize__decision_facts") }}
where false
{%- endmacro %}
