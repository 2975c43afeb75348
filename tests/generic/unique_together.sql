{#- Fails with every combination of values that occurs more than once, or in which one is null. -#}
{% test unique_together(model, columns) %}
select
    {{ columns | join(", ") }},
    count(*) as occurrences
from {{ model }}
group by {{ columns | join(", ") }}
having count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
