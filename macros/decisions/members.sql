{#-
    SQL: one row (profile_id, segment_id) per profile of a relation and segment whose condition is true of it.
    facts: a relation of facts by profile. segments: {id: {condition}}; none of them gives no rows.
-#}
{% macro members(facts, segments) -%}
{%- for id, segment in segments.items() %}
select
    profile_id,
    '{{ id }}' as segment_id
from {{ facts }}
where {{ segment.condition }}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
select
    profile_id,
    cast(null as varchar) as segment_id
from {{ facts }}
where false
{%- endfor %}
{%- endmacro %}
