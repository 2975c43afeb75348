{#-
    What a declared segment, trigger, journey or journey's stage comes to, printed as JSON for `make explain`: id, kind,
    description, facts (what else is declared), conditions ({name: SQL}) and query (the profiles it hits).
-#}
{% macro explain_rule(rule) %}
    {% set facts = ref("personalize", "int_personalize__decision_facts") %}
    {% set segments, triggers, journeys = personalize.segments(), personalize.triggers(), personalize.journeys() %}
    {% set stages = {} %}
    {% for id, journey in journeys.items() %}
        {% for stage in journey.stages %}
            {% do stages.update({id ~ "." ~ stage: {"journey": id, "stage": stage}}) %}
        {% endfor %}
    {% endfor %}
    {% set known = segments.keys() | list + triggers.keys() | list + journeys.keys() | list + stages.keys() | list %}
    {% if rule not in known %}
        {% do personalize.refuse("RULE", "is '" ~ rule ~ "', which is no segment, trigger or journey" ~ personalize.hint(rule, known)) %}
    {% endif %}
    {% set found = [] %}
    {% if rule in triggers %}
        {% do found.append(personalize.explained_trigger(rule, triggers[rule], facts)) %}
    {% endif %}
    {% if rule in segments %}
        {% do found.append({
            "kind": "segment", "id": rule, "description": segments[rule].description,
            "facts": personalize.lookalike_facts(segments[rule]),
            "conditions": {"in": segments[rule].condition},
            "query": "select profile_id from " ~ facts ~ " where " ~ segments[rule].condition,
        }) %}
    {% endif %}
    {% if rule in journeys %}
        {% do found.append(personalize.explained_journey(rule, journeys[rule])) %}
    {% elif rule in stages %}
        {% do found.append(personalize.explained_stage(rule, stages[rule].stage, journeys[stages[rule].journey])) %}
    {% endif %}
    {% do print("explained: " ~ tojson(found)) %}
{% endmacro %}


{% macro lookalike_facts(segment) %}
    {% if segment.like is none %}{% do return({}) %}{% endif %}
    {% do return({"like": segment.like, "share": segment.share, "people": segment.people}) %}
{% endmacro %}


{% macro explained_trigger(id, trigger, facts) %}
    {% set conditions = {"when": trigger.condition} %}
    {% for guard, condition in trigger.guards.items() %}
        {% do conditions.update({"guard " ~ guard: condition}) %}
    {% endfor %}
    {% do return({
        "kind": "trigger", "id": id, "description": trigger.description,
        "facts": {
            "priority": trigger.priority, "group": trigger.group, "cooldown days": trigger.cooldown_days,
            "about": trigger.product,
        },
        "conditions": conditions,
        "query": "select profile_id from " ~ facts ~ " where " ~ trigger.condition,
    }) %}
{% endmacro %}


{% macro explained_journey(id, journey) %}
    {% set conditions = {} %}
    {% if journey.condition %}{% do conditions.update({"begins when": journey.condition}) %}{% endif %}
    {% for stage, spec in journey.stages.items() %}
        {% do conditions.update(personalize.stage_conditions(stage ~ " ", spec)) %}
    {% endfor %}
    {% do return({
        "kind": "journey", "id": id, "description": journey.description,
        "facts": {
            "starts on": journey.event, "after days": journey.after_days, "without": journey.without | join(", "),
            "again after days": journey.again_after_days, "converts on": journey.converts_on | join(", "),
            "exits on": journey.exits_on | join(", "), "stages": journey.stages | join(" > "),
        },
        "conditions": conditions,
        "query": personalize.people_in_journey(id),
    }) %}
{% endmacro %}


{% macro explained_stage(rule, stage, journey) %}
    {% set spec = journey.stages[stage] %}
    {% set conditions = personalize.stage_conditions("", spec) %}
    {% for guard, condition in journey.guards.items() %}
        {% do conditions.update({"guard " ~ guard: condition}) %}
    {% endfor %}
    {% do return({
        "kind": "stage", "id": rule, "description": journey.description,
        "facts": {
            "priority": spec.priority, "group": journey.group, "wait days": spec.wait_days, "until": spec.until,
        },
        "conditions": conditions,
        "query": personalize.people_in_journey(rule.split(".")[0]) ~ " and stage = '" ~ stage ~ "'",
    }) %}
{% endmacro %}


{% macro stage_conditions(prefix, spec) %}
    {% set conditions = {} %}
    {% if spec.skip_condition %}{% do conditions.update({prefix ~ "skip when": spec.skip_condition}) %}{% endif %}
    {% for choice in spec.choices %}
        {% do conditions.update({prefix ~ "to " ~ choice.to: choice.condition or "otherwise"}) %}
    {% endfor %}
    {% do return(conditions) %}
{% endmacro %}


{% macro people_in_journey(id) %}
    {% do return(
        "select profile_id from " ~ ref("personalize", "personalize__journey_states")
        ~ " where journey_id = '" ~ id ~ "' and exit_reason is null"
    ) %}
{% endmacro %}
