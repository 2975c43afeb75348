{#-
    Every stay of a person in a stage, for each journey one chain of CTEs: who arrives in a stage (_arrived), until when they
    stay (_timed), and where they go (_decided). Stages come in an order in which each follows all that lead to it.
-#}
{% macro journey_step_rows() %}
    {%- set queries = [] -%}
    {%- for id, journey in personalize.journeys().items() %}
        {%- for stage, spec in journey.stages.items() %}
            {%- set name = id ~ "__" ~ stage %}
{{ name }}_arrived as (

    {{ personalize.stage_arrivals(id, journey, stage) | indent(4) }}

),

{{ name }}_timed as (

    {{ personalize.stage_times(spec, name ~ "_arrived") | indent(4) }}

),

{{ name }}_decided as (

    {{ personalize.stage_decisions(spec, name ~ "_timed") | indent(4) }}

),
{% do queries.append(personalize.stage_rows(id, stage, name ~ "_decided")) %}
        {%- endfor %}
    {%- endfor %}
all_steps as (

    {{ (queries | join("\nunion all\n") or personalize.no_stage_rows()) | indent(4) }}

)
{% endmacro %}


{% macro stage_columns() %}
    {%- do return(["profile_id", "begun_at", "ended_at", "end_reason", "entered_at"]) -%}
{% endmacro %}


{% macro stage_arrivals(id, journey, stage) %}
    {%- set queries = [] -%}
    {%- if stage == journey.first %}
        {%- do queries.append(
            "select profile_id, begun_at, ended_at, end_reason, begun_at as entered_at\n"
            ~ "from entries\nwhere journey_id = '" ~ id ~ "'"
        ) %}
    {%- endif %}
    {%- for other, spec in journey.stages.items() if stage in spec.choices | map(attribute="to") %}
        {%- do queries.append(
            "select profile_id, begun_at, ended_at, end_reason, leaves_at as entered_at\n"
            ~ "from " ~ id ~ "__" ~ other ~ "_decided\nwhere next_stage = '" ~ stage ~ "' and has_moved_on"
        ) %}
    {%- endfor %}
    {%- do return(queries | join("\nunion all\n")) %}
{% endmacro %}


{#- Until when people stay who arrived: is_skipped, leaves_at. -#}
{% macro stage_times(spec, arrived) %}
    {%- set due = dbt.dateadd("second", (spec.wait_days * 86400) | round | int, "entered_at") -%}
    {%- set columns = {} -%}
    {%- for fact in spec.skip_columns %}
        {%- do columns.update({fact: personalize.journey_fact(fact, "stays.entered_at")}) %}
    {%- endfor %}
    {%- if spec.until %}
        {%- do columns.update({"until_at":
            "min(case when events.event = '" ~ spec.until ~ "' and events.occurred_at > stays.entered_at then events.occurred_at end)"
        }) %}
    {%- endif %}
    {%- set ends = personalize.earlier_of("until_at", due) if spec.until else due -%}
    {%- set ends = "case when " ~ spec.skip_condition ~ " then entered_at else " ~ ends ~ " end" if spec.skip_condition else ends -%}
select
    {{ personalize.stage_columns() | join(", ") }},
    {{ spec.skip_condition or "false" }} as is_skipped,
    cast({{ ends }} as timestamp) as leaves_at
from {{ personalize.stays_with_facts(arrived, personalize.stage_columns(), columns) }}
{%- endmacro %}


{#- Where people go, as things stand at the end of their stay or, before it, today: next_stage (null: nowhere). -#}
{% macro stage_decisions(spec, timed) %}
    {%- set kept = personalize.stage_columns() + ["is_skipped", "leaves_at"] -%}
    {%- set columns = {} -%}
    {%- for fact in spec.columns %}
        {%- do columns.update({fact: personalize.journey_fact(fact, "stays.leaves_at")}) %}
    {%- endfor -%}
select
    {{ kept | join(", ") }},
    {%- if spec.choices | length > 1 %}
    case
        {%- for choice in spec.choices[:-1] %}
        when {{ choice.condition }} then {{ personalize.stage_or_null(choice.to) }}
        {%- endfor %}
        else {{ personalize.stage_or_null(spec.choices[-1].to) }}
    end as next_stage,
    {%- else %}
    {{ personalize.stage_or_null(spec.choices[0].to) }} as next_stage,
    {%- endif %}
    leaves_at <= {{ personalize.as_of() }} and (ended_at is null or ended_at > leaves_at) as has_moved_on
from {{ personalize.stays_with_facts(timed, kept, columns) }}
{%- endmacro %}


{#- A CTE of stays with facts beside it; as it is where none is asked for. -#}
{% macro stays_with_facts(name, kept, columns) %}
    {%- if not columns %}{% do return(name) %}{% endif -%}
(
    select
        stays.{{ kept | join(", stays.") }},
        {%- for column, sql in columns.items() %}
        {{ sql }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ name }} as stays
    left join events
        on stays.profile_id = events.profile_id
    {%- if "country" in columns %}
    left join {{ ref("personalize", "personalize__profiles") }} as profiles
        on stays.profile_id = profiles.profile_id
    {%- endif %}
    group by stays.{{ kept | join(", stays.") }}
) as stays
{%- endmacro %}


{% macro stage_rows(id, stage, decided) -%}
select
    profile_id,
    '{{ id }}' as journey_id,
    begun_at,
    '{{ stage }}' as stage,
    entered_at,
    case when ended_at <= leaves_at then ended_at else leaves_at end as leaves_at,
    next_stage,
    case
        when has_moved_on and is_skipped then 'skipped'
        when has_moved_on then 'moved_on'
        when ended_at is not null then 'ended'
        else 'waiting'
    end as outcome,
    case
        when has_moved_on and next_stage is null then 'completed'
        when not has_moved_on then end_reason
    end as exit_reason
from {{ decided }}
{%- endmacro %}


{% macro no_stage_rows() -%}
select
    profile_id,
    journey_id,
    begun_at,
    cast(null as varchar) as stage,
    begun_at as entered_at,
    begun_at as leaves_at,
    cast(null as varchar) as next_stage,
    cast(null as varchar) as outcome,
    cast(null as varchar) as exit_reason
from entries
where false
{%- endmacro %}


{% macro stage_or_null(stage) %}
    {%- do return("cast(null as varchar)" if stage == "done" else "'" ~ stage ~ "'") -%}
{% endmacro %}


{#- The events that the declared journeys ask about; orders always, as they are what facts count most. -#}
{% macro asked_journey_events() %}
    {% set asked = ["order", "return"] %}
    {% set by_count = {"visits": "visit", "carts": "cart", "opens": "open", "clicks": "click"} %}
    {% for journey in personalize.journeys().values() %}
        {% do asked.extend([journey.event] + journey.without + journey.converts_on + journey.exits_on) %}
        {% for stage in journey.stages.values() %}
            {% do asked.append(stage.until) %}
            {% for column in stage.columns + stage.skip_columns %}
                {% do asked.append(by_count.get(column.split("_in_")[0])) %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.journey_events() | select("in", asked) | list) %}
{% endmacro %}
