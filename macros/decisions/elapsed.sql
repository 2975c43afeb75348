{#- Days from a time to as_of, rounded so that a whole number is one. -#}
{% macro days_since(column) -%}
    round({{ personalize.days_between(column, personalize.as_of()) }}, 6)
{%- endmacro %}


{#- Hours from a time to as_of, rounded so that a whole number is one. -#}
{% macro hours_since(column) -%}
    round({{ personalize.days_between(column, personalize.as_of()) }} * 24.0, 6)
{%- endmacro %}


{#- The time so many days before as_of, the number being a setting. -#}
{% macro days_before_as_of(setting) -%}
    {{ dbt.dateadd("day", -1 * personalize.setting(setting), personalize.as_of()) }}
{%- endmacro %}
