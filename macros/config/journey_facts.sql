{#- The events that begin, move and end journeys: columns `event` of int_personalize__journey_events. -#}
{% macro journey_events() %}
    {% do return(["subscribe", "unsubscribe", "order", "return", "visit", "cart", "send", "open", "click"]) %}
{% endmacro %}


{#- Events of which only the last decision_history_days are kept. -#}
{% macro forgotten_events() %}
    {% do return(["visit", "cart"]) %}
{% endmacro %}


{#-
    What a condition of a journey may speak of at a moment ("entry": of the journey, "arrival" in a stage, "decision" at its
    end), with types. All but the country is counted from the events up to that moment.
-#}
{% macro journey_facts(moment) %}
    {% set facts = {"country": "text", "order_count": "number", "monetary_value": "number"} %}
    {% for scope in {"entry": [], "arrival": ["journey"], "decision": ["journey", "stage"]}[moment] %}
        {% for event in ["orders", "visits", "carts", "opens", "clicks"] %}
            {% do facts.update({event ~ "_in_" ~ scope: "number"}) %}
        {% endfor %}
    {% endfor %}
    {% do return(facts) %}
{% endmacro %}


{#- The facts a condition tree speaks of; all of them where it holds SQL. -#}
{% macro columns_of(tree, facts) %}
    {% set text = tojson(tree) %}
    {% if '"sql":' in text %}{% do return(facts.keys() | list) %}{% endif %}
    {% set columns = [] %}
    {% for fact in facts if '"' ~ fact ~ '"' in text %}
        {% do columns.append(fact) %}
    {% endfor %}
    {% do return(columns) %}
{% endmacro %}


{#- SQL: a fact at a moment, counted over the events that are joined to a stay in a stage. -#}
{% macro journey_fact(fact, moment) %}
    {% set before = "events.occurred_at <= " ~ moment %}
    {% if fact == "country" %}
        {% do return("max(upper(profiles.country))") %}
    {% elif fact == "order_count" %}
        {% do return("count_if(events.event = 'order' and " ~ before ~ ")") %}
    {% elif fact == "monetary_value" %}
        {% do return("coalesce(sum(case when " ~ before ~ " then events.amount end), 0)") %}
    {% endif %}
    {% set event = {"orders": "order", "visits": "visit", "carts": "cart", "opens": "open", "clicks": "click"}[fact.split("_in_")[0]] %}
    {% set since = {"journey": "stays.begun_at", "stage": "stays.entered_at"}[fact.split("_in_")[1]] %}
    {% do return(
        "count_if(events.event = '" ~ event ~ "' and events.occurred_at > " ~ since ~ " and " ~ before ~ ")"
    ) %}
{% endmacro %}
