{#-
    Journeys: several messages over days or weeks. A project changes them with the variable personalize_journeys, by id.
      starts_on   the event that begins it (macros/config/journey_facts.sql); or {event, after_days, without: [events]}: so many
                  days after the event, unless one of `without` came in between
      when        the condition at that moment (order_count, monetary_value, country)
      again_after_days  begins again after so many days without a beginning; without: once in a lifetime
      converts_on, exits_on  events that end it, whatever the stage: as converted, or by the event's name
      goal, group  as of triggers, for all its messages
      guards      {id: condition over the decision facts}: while one holds, no stage's message is sent
      first       the stage it begins in
      stages      {id: stage}
        wait_days   how long one stays; until: an event that ends the stay earlier
        skip_when   who meets this on arrival passes at once and gets no message
        next        the stage that follows, or [{when, to}, …, {to}]: the first that holds; without, or done: the journey is over
        priority    with it the stage sends a message, the rule <journey>.<stage>, which competes like a trigger
    A condition of a stage is judged on what had happened by the moment of the decision, never on what is known today, so that
    the same events give the same states however many runs were missed or repeated.
-#}
{% macro default_journeys() %}
    {% do return({
        "welcome": {
            "description": "From the subscription to the first order",
            "starts_on": "subscribe",
            "when": {"column": "order_count", "operator": "=", "value": 0},
            "converts_on": ["order"],
            "exits_on": ["unsubscribe"],
            "goal": "relationship",
            "first": "hello",
            "stages": {
                "hello": {
                    "priority": 15,
                    "wait_days": 3,
                    "next": [
                        {"when": {"column": "clicks_in_stage", "operator": ">=", "value": 1}, "to": "favourites"},
                        {"to": "story"},
                    ],
                },
                "story": {"priority": 15, "wait_days": 5, "next": "favourites"},
                "favourites": {"priority": 15, "wait_days": 7},
            },
        },
        "win_back": {
            "description": "From win_back_days without an order to the next one",
            "starts_on": {"event": "order", "after_days": {"setting": "win_back_days"}, "without": ["order"]},
            "again_after_days": {"setting": "win_back_days"},
            "converts_on": ["order"],
            "exits_on": ["unsubscribe"],
            "goal": "retention",
            "group": "retention",
            "first": "remind",
            "stages": {
                "remind": {
                    "priority": 38,
                    "wait_days": 14,
                    "next": [
                        {"when": {"column": "clicks_in_stage", "operator": ">=", "value": 1}, "to": "favourites"},
                        {"to": "last_call"},
                    ],
                },
                "favourites": {"priority": 38, "wait_days": 14},
                "last_call": {
                    "skip_when": {"column": "monetary_value", "operator": ">=", "value": {"setting": "high_value_spend"}},
                    "priority": 38,
                    "wait_days": 14,
                },
            },
        },
    }) %}
{% endmacro %}


{#-
    {id: {description, event, after_days, without, condition, columns, again_after_days, converts_on, exits_on, goal, group, guards, first,
    stages: {id: {wait_days, until, skip_condition, skip_columns, choices: [{condition, to}], columns, priority}}}}, checked;
    the stages in an order in which each comes after all that lead to it.
-#}
{% macro journeys() %}
    {% set declared = personalize.declarations("journey", "personalize_journeys", personalize.default_journeys(), {
        "description": false, "starts_on": true, "when": false, "again_after_days": false, "converts_on": false,
        "exits_on": false, "goal": false, "group": false, "guards": false, "first": true, "stages": true,
    }, ["guards", "stages", "stages*"]) %}
    {% set compiled = {} %}
    {% for id, journey in declared.items() %}
        {% set owner = "journey " ~ id %}
        {% set stages = personalize.journey_stages(owner, journey.stages) %}
        {% set order = personalize.stage_order(owner, journey.first, stages) %}
        {% set start = personalize.journey_start(owner, journey.starts_on) %}
        {% if journey.get("group") is not none %}
            {% do personalize.check_choice(owner, "group", journey.group, personalize.trigger_groups()) %}
        {% endif %}
        {% set entry_facts = personalize.journey_facts("entry") %}
        {% set ordered = {} %}
        {% for stage in order %}
            {% do ordered.update({stage: stages[stage]}) %}
        {% endfor %}
        {% set again = journey.get("again_after_days") %}
        {% set result = {
            "description": journey.get("description", id),
            "event": start.event,
            "after_days": start.after_days,
            "without": start.without,
            "condition": personalize.compile_condition(owner, journey.when, entry_facts) if journey.get("when") else none,
            "columns": personalize.columns_of(journey.get("when"), entry_facts),
            "again_after_days": personalize.number_of_days(owner, "again_after_days", again) if again is not none else none,
            "converts_on": personalize.journey_events_of(owner, "converts_on", journey.get("converts_on", [])),
            "exits_on": personalize.journey_events_of(owner, "exits_on", journey.get("exits_on", [])),
            "goal": personalize.checked_goal(owner, journey.get("goal")),
            "group": journey.get("group"),
            "guards": personalize.compiled_guards(owner, journey.get("guards", {})),
            "first": journey.first,
            "stages": ordered,
        } %}
        {% do personalize.check_repetition(owner, result) %}
        {% do compiled.update({id: result}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#- The rules that journeys add to the triggers: {journey.stage: {journey, stage, priority, goal, group, guards}}. -#}
{% macro journey_rules() %}
    {% set rules = {} %}
    {% for id, journey in personalize.journeys().items() %}
        {% for stage, spec in journey.stages.items() if spec.priority is not none %}
            {% do rules.update({id ~ "." ~ stage: {
                "journey": id, "stage": stage, "priority": spec.priority, "goal": journey.goal, "group": journey.group, "guards": journey.guards,
            }}) %}
        {% endfor %}
    {% endfor %}
    {% do return(rules) %}
{% endmacro %}


{#- The ids of the rules that come with the package: triggers and stages of journeys. -#}
{% macro default_rules() %}
    {% set rules = personalize.default_triggers().keys() | list %}
    {% for id, journey in personalize.default_journeys().items() %}
        {% for stage in journey.stages %}
            {% do rules.append(id ~ "." ~ stage) %}
        {% endfor %}
    {% endfor %}
    {% do return(rules) %}
{% endmacro %}


{#- What begins a journey, from an event's name or {event, after_days, without}. -#}
{% macro journey_start(owner, given) %}
    {% set start = {"event": given} if given is string else given %}
    {% do personalize.check_declaration(
        owner ~ ", starts_on,", start, {"event": true, "after_days": false, "without": false}
    ) %}
    {% do personalize.journey_events_of(owner, "starts_on", [start.event]) %}
    {% do return({
        "event": start.event,
        "after_days": personalize.number_of_days(owner, "after_days", start.get("after_days", 0)),
        "without": personalize.journey_events_of(owner, "without", start.get("without", [])),
    }) %}
{% endmacro %}


{#- {id: stage}, each checked for itself. -#}
{% macro journey_stages(owner, stages) %}
    {% if stages is not mapping or not stages %}
        {% do personalize.refuse(owner, "has stages that are not a dictionary by id") %}
    {% endif %}
    {% set compiled = {} %}
    {% for id, stage in stages.items() %}
        {% set place = owner ~ ", stage " ~ id ~ "," %}
        {% if id == "done" or not modules.re.match("^[a-z][a-z0-9_]{0,62}$", id | string) %}
            {% do personalize.refuse(place, "needs an id of lower-case letters, digits and underscores other than done") %}
        {% endif %}
        {% do personalize.check_declaration(place, stage, {
            "wait_days": true, "until": false, "skip_when": false, "next": false, "priority": false,
        }) %}
        {% set wait = personalize.number_of_days(place, "wait_days", stage.wait_days) %}
        {% set priority = stage.get("priority") %}
        {% if priority is not none and (priority is not integer or priority is boolean) %}
            {% do personalize.refuse(place, "has the priority '" ~ priority ~ "'; it must be a whole number") %}
        {% elif priority is not none and wait == 0 %}
            {% do personalize.refuse(place, "sends a message but lets everybody pass at once; give it wait_days") %}
        {% endif %}
        {% if stage.get("until") is not none %}
            {% do personalize.journey_events_of(place, "until", [stage.until]) %}
        {% endif %}
        {% set arrival_facts = personalize.journey_facts("arrival") %}
        {% set next = stage.get("next", "done") %}
        {% do compiled.update({id: {
            "wait_days": wait,
            "until": stage.get("until"),
            "skip_condition": personalize.compile_condition(place, stage.skip_when, arrival_facts) if stage.get("skip_when") else none,
            "skip_columns": personalize.columns_of(stage.get("skip_when"), arrival_facts),
            "choices": personalize.stage_choices(place, next, stages),
            "columns": personalize.columns_of({"all": next} if next is not string else none, personalize.journey_facts("decision")),
            "priority": priority,
        }}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#- Where a stage leads: [{condition, to}], the last one without a condition, so that everybody leaves. -#}
{% macro stage_choices(owner, next, stages) %}
    {% set listed = [{"to": next}] if next is string else next %}
    {% if listed is mapping or listed is not iterable or not listed %}
        {% do personalize.refuse(owner, "has a 'next' that is neither a stage nor a list of {when, to}") %}
    {% endif %}
    {% set choices = [] %}
    {% for choice in listed %}
        {% do personalize.check_declaration(owner ~ " next", choice, {"when": false, "to": true}) %}
        {% do personalize.check_choice(owner, "next", choice.to, stages.keys() | list + ["done"]) %}
        {% if loop.last and choice.get("when") is not none %}
            {% do personalize.refuse(owner, "lets nobody leave who meets none of its conditions; end its next with {to: stage}") %}
        {% elif not loop.last and choice.get("when") is none %}
            {% do personalize.refuse(owner, "has a next after the one without 'when', which nobody can reach") %}
        {% endif %}
        {% do choices.append({
            "condition": personalize.compile_condition(owner, choice.when, personalize.journey_facts("decision"))
                if choice.get("when") is not none else none,
            "to": choice.to,
        }) %}
    {% endfor %}
    {% do return(choices) %}
{% endmacro %}


{#- The stages in an order in which each comes after all that lead to it: none is out of reach and none in a circle. -#}
{% macro stage_order(owner, first, stages) %}
    {% do personalize.check_choice(owner, "first stage", first, stages) %}
    {% set reached = [first] %}
    {% for _ in stages %}
        {% for stage in reached | list %}
            {% for choice in stages[stage].choices if choice.to != "done" and choice.to not in reached %}
                {% do reached.append(choice.to) %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% for stage in stages if stage not in reached %}
        {% do personalize.refuse(owner, "has the stage '" ~ stage ~ "', which nobody can reach") %}
    {% endfor %}
    {% set order = [] %}
    {% for _ in stages %}
        {% for stage in stages if stage not in order %}
            {% set missing = [] %}
            {% for other, spec in stages.items() if other not in order and stage in spec.choices | map(attribute="to") %}
                {% do missing.append(other) %}
            {% endfor %}
            {% if not missing %}{% do order.append(stage) %}{% endif %}
        {% endfor %}
    {% endfor %}
    {% for stage in stages if stage not in order %}
        {% do personalize.refuse(owner, "has the stage '" ~ stage ~ "' in a circle of stages, which nobody can leave") %}
    {% endfor %}
    {% do return(order) %}
{% endmacro %}


{#- A journey is over before it can begin again, and what begins it is remembered long enough. -#}
{% macro check_repetition(owner, journey) %}
    {% set arrival = {journey.first: 0} %}
    {% for stage, spec in journey.stages.items() %}
        {% for choice in spec.choices %}
            {% do arrival.update({choice.to: [arrival.get(choice.to, 0), arrival[stage] + spec.wait_days] | max}) %}
        {% endfor %}
    {% endfor %}
    {% set takes, again, known = arrival["done"], journey.again_after_days, personalize.setting("decision_history_days") %}
    {% if again is not none and again < takes %}
        {% do personalize.refuse(
            owner, "may begin again after " ~ again ~ " days, but it takes up to " ~ takes ~ "; raise again_after_days"
        ) %}
    {% elif takes > personalize.setting("journey_history_days") %}
        {% do personalize.refuse(owner, "takes up to " ~ takes ~ " days, which is more than journey_history_days") %}
    {% elif journey.event in personalize.forgotten_events() and again is none %}
        {% do personalize.refuse(
            owner, "starts on '" ~ journey.event ~ "', which is remembered for decision_history_days only, and needs again_after_days"
        ) %}
    {% elif journey.event in personalize.forgotten_events() and again + takes + journey.after_days > known %}
        {% do personalize.refuse(
            owner, "starts on '" ~ journey.event ~ "', which is remembered for " ~ known
            ~ " days (decision_history_days): too short for its waits and again_after_days"
        ) %}
    {% endif %}
{% endmacro %}


{% macro journey_events_of(owner, key, events) %}
    {% if events is string or events is mapping or events is not iterable %}
        {% do personalize.refuse(owner, "has a '" ~ key ~ "' that is not a list of events") %}
    {% endif %}
    {% for event in events %}
        {% do personalize.check_choice(owner, "event", event, personalize.journey_events()) %}
    {% endfor %}
    {% do return(events) %}
{% endmacro %}


{% macro number_of_days(owner, key, value) %}
    {% set days = personalize.setting_or_value(owner, value) %}
    {% if days is not number or days is boolean or days < 0 %}
        {% do personalize.refuse(owner, "has the " ~ key ~ " '" ~ days ~ "'; it must be a number from 0 up") %}
    {% endif %}
    {% do return(days) %}
{% endmacro %}
