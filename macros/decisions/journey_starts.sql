{#- The moments at which a journey could begin: its event happened, nothing came in between, the condition held. -#}
{% macro journey_starts(journey) %}
    {%- set kept = ["profile_id", "started_at", "begun_at"] -%}
    {%- set columns = {} -%}
    {%- for fact in journey.columns %}
        {%- do columns.update({fact: personalize.journey_fact(fact, "stays.begun_at")}) %}
    {%- endfor %}
    {%- if journey.without %}
        {%- do columns.update({"hindrances":
            "count_if(events.event in ('" ~ journey.without | join("', '") ~ "') and events.occurred_at > stays.started_at"
            ~ " and events.occurred_at <= stays.begun_at)"
        }) %}
    {%- endif -%}
    {%- set moments %}(
    select distinct
        profile_id,
        occurred_at as started_at,
        {{ dbt.dateadd("second", (journey.after_days * 86400) | round | int, "occurred_at") }} as begun_at
    from events
    where event = '{{ journey.event }}'
)
    {%- endset -%}
select
    profile_id,
    begun_at
from {{ personalize.stays_with_facts(moments, kept, columns) }}{{ " as stays" if not columns }}
where begun_at <= {{ personalize.as_of() }}
{%- if journey.without %}
    and hindrances = 0
{%- endif %}
{%- if journey.condition %}
    and {{ journey.condition }}
{%- endif %}
{%- endmacro %}


{#- The moments at which it does begin: the first in a lifetime, or each after so many days without one. -#}
{% macro journey_beginnings(journey, starts) -%}
select
    profile_id,
    begun_at
from {{ starts }}
where true
qualify
    {%- if journey.again_after_days is none %}
    row_number() over (partition by profile_id order by begun_at) = 1
    {%- else %}
    lag(begun_at) over (partition by profile_id order by begun_at) is null
    or {{ personalize.days_between("lag(begun_at) over (partition by profile_id order by begun_at)", "begun_at") }}
    >= {{ journey.again_after_days }}
    {%- endif %}
{%- endmacro %}


{#- A condition: the beginning is recent enough to be spoken of, and to know what came before it. -#}
{% macro is_remembered(journey) -%}
    {%- set days = personalize.setting("journey_history_days") -%}
    {%- if journey.event in personalize.forgotten_events() -%}
        {%- set known = personalize.setting("decision_history_days") - journey.again_after_days - journey.after_days -%}
        {%- set days = [days, known] | min -%}
    {%- endif -%}
    begun_at > {{ dbt.dateadd("second", -1 * (days * 86400) | round | int, personalize.as_of()) }}
{%- endmacro %}


{#- What ends each journey: rows of journey_id, event, end_reason. -#}
{% macro journey_ends() %}
    {% set rows = [] %}
    {% for id, journey in personalize.journeys().items() %}
        {% for event in journey.converts_on %}
            {% do rows.append([personalize.text_literal(id), personalize.text_literal(event), "'converted'"]) %}
        {% endfor %}
        {% for event in journey.exits_on if event not in journey.converts_on %}
            {% do rows.append([personalize.text_literal(id), personalize.text_literal(event), personalize.text_literal(event)]) %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["journey_id", "event", "end_reason"])) %}
{% endmacro %}


{#- The stages in order: rows of journey_id, stage, step. -#}
{% macro journey_stage_rows() %}
    {% set rows = [] %}
    {% for id, journey in personalize.journeys().items() %}
        {% for stage in journey.stages %}
            {% do rows.append([personalize.text_literal(id), personalize.text_literal(stage), loop.index]) %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["journey_id", "stage", "step"])) %}
{% endmacro %}
