{#- 'FROZEN PIE/DESSERTS' as 'Frozen pie/desserts'. -#}
{% macro tidy(text) -%}
    {%- set spaced = "trim(regexp_replace(replace(" ~ text ~ ", '&', ' & '), '\\s+', ' ', 'g'))" -%}
    upper(left({{ spaced }}, 1)) || lower(substr({{ spaced }}, 2))
{%- endmacro %}
