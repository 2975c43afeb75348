{#-
    A sum of numbers to 9 decimals each, the same in whatever order the warehouse adds them up: a sum of doubles is not, and
    rounding turns its last bit into another row.
-#}
{% macro exact_sum(expression) -%}
    sum(cast({{ expression }} as decimal(18, 9)))
{%- endmacro %}
