{#- What a column's value stands for in a mapping; null where it is not in it. -#}
{% macro looked_up(column, mapping, type) -%}
    {%- if mapping -%}
    cast(
        case {{ column }}
            {%- for value, literal in mapping.items() %}
            when '{{ value }}' then '{{ literal }}'
            {%- endfor %}
        end as {{ type }}
    )
    {%- else -%}
    cast(null as {{ type }})
    {%- endif -%}
{%- endmacro %}
