{%- set segments = personalize.segments() -%}
-- grain: one row per profile and segment it is in today
{%- for id, segment in segments.items() %}
select
    profile_id,
    '{{ id }}' as segment_id
from {{ ref("int_personalize__decision_facts") }}
where {{ segment.condition }}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
select
    profile_id,
    cast(null as varchar) as segment_id
from {{ ref("int_personalize__decision_facts") }}
where false
{%- endfor %}
