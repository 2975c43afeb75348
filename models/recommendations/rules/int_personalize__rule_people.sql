-- grain: one row per rule that speaks of some people and person it speaks of
{%- set spoken = [] %}
{%- for id, rule in personalize.recommendation_rules().items() if rule.people is not none %}
{%- do spoken.append(id) %}
{{- "union all" if spoken | length > 1 }}
select
    '{{ id }}' as rule_id,
    profile_id
from {{ ref("int_personalize__decision_facts") }}
where {{ rule.people }}
{% endfor %}
{%- if not spoken %}
select
    cast(null as varchar) as rule_id,
    profile_id
from {{ ref("int_personalize__decision_facts") }}
where false
{%- endif %}
