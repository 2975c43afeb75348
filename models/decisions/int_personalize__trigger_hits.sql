{%- set queries = [] -%}
-- grain: one row per profile and rule that is due today: a trigger's condition or a journey's stage
{%- for id, trigger in personalize.triggers().items() %}
{%- set query %}
select
    profile_id,
    '{{ id }}' as rule_id,
    {{ trigger.priority }} as priority,
    {{ trigger.triggered_at or personalize.as_of() }} as triggered_at,
    {{ trigger.product or "cast(null as varchar)" }} as product_id,
    cast({{ trigger.cooldown_days }} as double) as cooldown_days,
    {{ personalize.first_guard(trigger.guards) | indent(4) }} as guard
from {{ ref("int_personalize__decision_facts") }}
where {{ trigger.condition }}
{%- endset %}
{%- do queries.append(query) %}
{%- endfor %}
{%- for id, rule in personalize.journey_rules().items() %}
{%- set query %}
select
    facts.profile_id,
    '{{ id }}' as rule_id,
    {{ rule.priority }} as priority,
    states.entered_at as triggered_at,
    cast(null as varchar) as product_id,
    cast({{ personalize.days_since("states.entered_at") }} as double) as cooldown_days,
    {{ personalize.first_guard(rule.guards) | indent(4) }} as guard
from {{ ref("int_personalize__decision_facts") }} as facts
inner join {{ ref("personalize__journey_states") }} as states
    on facts.profile_id = states.profile_id
where states.journey_id = '{{ rule.journey }}'
    and states.stage = '{{ rule.stage }}'
    and states.exit_reason is null
{%- endset %}
{%- do queries.append(query) %}
{%- endfor %}
{{ queries | join("\nunion all") or personalize.no_hits() }}
