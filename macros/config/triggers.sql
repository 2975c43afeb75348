{#-
    Triggers: what makes a message due. A project changes them with the variable personalize_triggers, a dictionary by id.
      when           the condition that opens the rule (form: macros/decisions/compile_condition.sql)
      priority       the smallest number wins
      guards         {id: condition}: while one holds, the rule is suppressed
      cooldown_days  not again within so many days of an e-mail sent with campaign_id = the rule's id
      triggered_at   the fact that says when it happened (without: as_of)
      product        the fact that names the product it is about
    Which blocks a rule shows is said in the block library (macros/config/blocks.sql).
-#}
{% macro default_triggers() %}
    {% do return({
        "cart_abandonment": {
            "description": "Put a product in the cart and did not buy it",
            "when": {"column": "hours_since_cart", "operator": "<=", "value": {"setting": "cart_abandonment_hours"}},
            "priority": 10,
            "guards": {
                "still_shopping": {
                    "column": "hours_since_visit", "operator": "<", "value": {"setting": "still_shopping_hours"},
                },
            },
            "cooldown_days": {"setting": "trigger_cooldown_days"},
            "triggered_at": "cart_added_at",
            "product": "cart_product_id",
        },
        "birthday": {
            "description": "Has a birthday today",
            "when": {"column": "days_since_birthday", "operator": "=", "value": 0},
            "priority": 20,
            "cooldown_days": 300,
        },
        "browse_abandonment": {
            "description": "Looked at a product and did not buy it",
            "when": {"column": "days_since_view", "operator": "<=", "value": {"setting": "browse_abandonment_days"}},
            "priority": 30,
            "guards": {
                "still_shopping": {
                    "column": "hours_since_visit", "operator": "<", "value": {"setting": "still_shopping_hours"},
                },
            },
            "cooldown_days": {"setting": "trigger_cooldown_days"},
            "triggered_at": "viewed_at",
            "product": "viewed_product_id",
        },
        "win_back": {
            "description": "A customer who stopped ordering, or is likely to",
            "when": {"all": [
                {"column": "order_count", "operator": ">=", "value": 1},
                {"any": [
                    {"column": "days_since_last_order", "operator": ">=", "value": {"setting": "win_back_days"}},
                    {"column": "churn_score", "operator": ">=", "value": {"setting": "churn_risk_threshold"}},
                ]},
            ]},
            "priority": 40,
            "guards": {
                "bought_lately": {
                    "column": "days_since_last_order", "operator": "<", "value": {"setting": "bought_lately_days"},
                },
                "in_journey": {"column": "journeys", "operator": "contains", "value": "win_back"},
            },
            "cooldown_days": 30,
        },
    }) %}
{% endmacro %}


{#- {id: {description, condition, priority, guards: {id: condition}, cooldown_days, triggered_at, product}}, checked and compiled. -#}
{% macro triggers() %}
    {% set declared = personalize.declarations("trigger", "personalize_triggers", personalize.default_triggers(), {
        "description": false, "when": true, "priority": true, "guards": false, "cooldown_days": false,
        "triggered_at": false, "product": false,
    }, ["guards"]) %}
    {% set compiled = {} %}
    {% for id, trigger in declared.items() %}
        {% set owner = "trigger " ~ id %}
        {% set cooldown = personalize.setting_or_value(owner, trigger.get("cooldown_days", 0)) %}
        {% if trigger.priority is not integer or trigger.priority is boolean %}
            {% do personalize.refuse(owner, "has the priority '" ~ trigger.priority ~ "'; it must be a whole number") %}
        {% elif cooldown is not number or cooldown is boolean or cooldown < 0 %}
            {% do personalize.refuse(owner, "has the cooldown_days '" ~ cooldown ~ "'; it must be a number from 0 up") %}
        {% endif %}
        {% do compiled.update({id: {
            "description": trigger.get("description", id),
            "condition": personalize.compile_condition(owner, trigger.when),
            "priority": trigger.priority,
            "guards": personalize.compiled_guards(owner, trigger.get("guards", {})),
            "cooldown_days": cooldown,
            "triggered_at": personalize.fact_of_type(owner, "triggered_at", trigger.get("triggered_at"), "timestamp"),
            "product": personalize.fact_of_type(owner, "product", trigger.get("product"), "text"),
        }}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#- {id: condition} as {id: SQL}. -#}
{% macro compiled_guards(owner, guards) %}
    {% if guards is not mapping %}
        {% do personalize.refuse(owner, "has guards that are not a dictionary by id") %}
    {% endif %}
    {% set compiled = {} %}
    {% for guard, condition in guards.items() if condition is not none %}
        {% do compiled.update({guard: personalize.compile_condition(owner ~ ", guard " ~ guard ~ ",", condition)}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#- A trigger's fact by name; none where it names none. -#}
{% macro fact_of_type(owner, key, column, type) %}
    {% set facts = personalize.decision_facts() %}
    {% if column is none %}
        {% do return(none) %}
    {% elif column not in facts %}
        {% do personalize.refuse(owner, "has the unknown " ~ key ~ " '" ~ column ~ "'" ~ personalize.hint(column, facts)) %}
    {% elif facts[column] != type %}
        {% do personalize.refuse(owner, "has the " ~ key ~ " '" ~ column ~ "', which is not a " ~ type) %}
    {% endif %}
    {% do return(column) %}
{% endmacro %}
