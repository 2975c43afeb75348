{%- set triggers = personalize.triggers() -%}
-- grain: one row per profile and trigger whose condition it meets today
{%- for id, trigger in triggers.items() %}
select
    profile_id,
    '{{ id }}' as rule_id,
    {{ trigger.priority }} as priority,
    {{ trigger.triggered_at or personalize.as_of() }} as triggered_at,
    {{ trigger.product or "cast(null as varchar)" }} as product_id,
    {{ trigger.cooldown_days }} as cooldown_days,
    {%- if trigger.guards %}
    case
        {%- for guard, condition in trigger.guards.items() %}
        when {{ condition }} then 'guard:{{ guard }}'
        {%- endfor %}
    end as guard
    {%- else %}
    cast(null as varchar) as guard
    {%- endif %}
from {{ ref("int_personalize__decision_facts") }}
where {{ trigger.condition }}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
select
    profile_id,
    cast(null as varchar) as rule_id,
    0 as priority,
    cast(null as timestamp) as triggered_at,
    cast(null as varchar) as product_id,
    0 as cooldown_days,
    cast(null as varchar) as guard
from {{ ref("int_personalize__decision_facts") }}
where false
{%- endfor %}
