{#- SQL: until when what a rule says holds: content_valid_hours from as_of, or until the rule's ends_at where that is earlier. -#}
{% macro valid_until(rule) -%}
    {%- set hours = personalize.setting("content_valid_hours") -%}
    cast({{ personalize.earlier_of(dbt.dateadd("hour", hours, personalize.as_of()), personalize.rule_end(rule)) }} as timestamp)
{%- endmacro %}


{#- SQL: the ends_at of a rule, null for one without. -#}
{% macro rule_end(rule) -%}
    {%- set ends = {} -%}
    {%- for id, trigger in personalize.triggers().items() if trigger.ends_at is not none -%}
        {%- do ends.update({id: trigger.ends_at}) -%}
    {%- endfor -%}
    {%- if ends -%}
    case {{ rule }}{% for id, end in ends.items() %} when '{{ id }}' then cast('{{ end }}' as timestamp){% endfor %} end
    {%- else -%}
    cast(null as timestamp)
    {%- endif -%}
{%- endmacro %}
