{#-
    Triggers: what makes a message due. A project changes them with the variable personalize_triggers, a dictionary by id.
      when           the condition that opens the rule (form: macros/decisions/compile_condition.sql)
      priority       the smallest number wins
      goal           what it is for: whose weights of personalize_scoring_weights make its score (macros/config/message_choice.sql)
      group          rules that exclude each other for some days and share a cap (macros/config/trigger_groups.sql)
      guards         {id: condition}: while one holds, the rule is suppressed
      cooldown_days  not again within so many days of an e-mail sent with campaign_id = the rule's id
      triggered_at   the fact that says when it happened (without: as_of)
      product        the fact that names the product it is about
      starts_at, ends_at  UTC: it holds only from the one until before the other
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
            "group": "shopping",
            "triggered_at": "cart_added_at",
            "product": "cart_product_id",
        },
        "tier_upgrade": {
            "description": "Rose to a higher loyalty tier",
            "when": {"column": "days_since_tier_upgrade", "operator": "<=", "value": {"setting": "tier_upgrade_days"}},
            "priority": 18,
            "goal": "relationship",
            "cooldown_days": 30,
            "triggered_at": "tier_upgraded_at",
        },
        "birthday": {
            "description": "Has a birthday today",
            "when": {"column": "days_since_birthday", "operator": "=", "value": 0},
            "priority": 20,
            "goal": "relationship",
            "cooldown_days": 300,
        },
        "back_in_stock": {
            "description": "A product looked at before can be bought again",
            "when": {"column": "days_since_back_in_stock", "operator": "<=", "value": {"setting": "product_news_days"}},
            "priority": 22,
            "cooldown_days": {"setting": "trigger_cooldown_days"},
            "group": "shopping",
            "triggered_at": "back_in_stock_at",
            "product": "back_in_stock_product_id",
        },
        "price_drop": {
            "description": "A product looked at before costs less, by at least price_drop_share",
            "when": {"all": [
                {"column": "days_since_price_drop", "operator": "<=", "value": {"setting": "product_news_days"}},
                {"column": "price_drop_share", "operator": ">=", "value": {"setting": "price_drop_share"}},
            ]},
            "priority": 24,
            "cooldown_days": {"setting": "trigger_cooldown_days"},
            "group": "shopping",
            "triggered_at": "price_dropped_at",
            "product": "price_drop_product_id",
        },
        "subscription_change": {
            "description": "Agreed to a further channel or purpose, or came back",
            "when": {
                "column": "days_since_subscription_change", "operator": "<=", "value": {"setting": "subscription_change_days"},
            },
            "priority": 26,
            "goal": "relationship",
            "cooldown_days": 30,
            "triggered_at": "subscription_changed_at",
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
            "group": "shopping",
            "triggered_at": "viewed_at",
            "product": "viewed_product_id",
        },
        "high_value_at_risk": {
            "description": "Among the fifth who spend most, and likely to leave",
            "when": {"all": [
                {"column": "monetary_score", "operator": ">=", "value": 5},
                {"column": "churn_score", "operator": ">=", "value": {"setting": "churn_risk_threshold"}},
            ]},
            "priority": 32,
            "goal": "retention",
            "guards": {
                "bought_lately": {
                    "column": "days_since_last_order", "operator": "<", "value": {"setting": "bought_lately_days"},
                },
            },
            "cooldown_days": 30,
            "group": "retention",
        },
        "replenishment": {
            "description": "About to run out of something, by the own interval of purchase",
            "when": {"column": "replenish_product_id", "operator": "is not null"},
            "priority": 34,
            "guards": {
                "lapsed": {"column": "days_since_last_order", "operator": ">=", "value": {"setting": "win_back_days"}},
            },
            "cooldown_days": 14,
            "product": "replenish_product_id",
        },
        "post_purchase": {
            "description": "Ordered lately: thanks, and what goes with it",
            "when": {"column": "days_since_last_order", "operator": "<=", "value": {"setting": "post_purchase_days"}},
            "priority": 36,
            "goal": "relationship",
            "cooldown_days": 30,
            "triggered_at": "last_ordered_at",
        },
        "win_back": {
            "description": "A customer who stopped ordering",
            "when": {"all": [
                {"column": "order_count", "operator": ">=", "value": 1},
                {"column": "days_since_last_order", "operator": ">=", "value": {"setting": "win_back_days"}},
            ]},
            "priority": 40,
            "goal": "retention",
            "guards": {"in_journey": {"column": "journeys", "operator": "contains", "value": "win_back"}},
            "cooldown_days": 30,
            "group": "retention",
        },
        "churn_risk": {
            "description": "A customer who is likely to stop ordering",
            "when": {"all": [
                {"column": "order_count", "operator": ">=", "value": 1},
                {"column": "churn_score", "operator": ">=", "value": {"setting": "churn_risk_threshold"}},
            ]},
            "priority": 42,
            "goal": "retention",
            "guards": {
                "bought_lately": {
                    "column": "days_since_last_order", "operator": "<", "value": {"setting": "bought_lately_days"},
                },
                "in_journey": {"column": "journeys", "operator": "contains", "value": "win_back"},
            },
            "cooldown_days": 30,
            "group": "retention",
        },
        "re_engagement": {
            "description": "Got unread_sends letters in 90 days and read none",
            "when": {"all": [
                {"column": "sends_90d", "operator": ">=", "value": {"setting": "unread_sends"}},
                {"column": "opens_90d", "operator": "=", "value": 0},
                {"column": "clicks_90d", "operator": "=", "value": 0},
            ]},
            "priority": 44,
            "goal": "retention",
            "cooldown_days": 60,
            "group": "retention",
        },
    }) %}
{% endmacro %}


{#- {id: {description, condition, priority, guards: {id: condition}, cooldown_days, goal, group,
    triggered_at, product, ends_at}}, checked and compiled. -#}
{% macro triggers() %}
    {% set declared = personalize.declarations("trigger", "personalize_triggers", personalize.default_triggers(), {
        "description": false, "when": true, "priority": true, "guards": false, "cooldown_days": false,
        "goal": false, "group": false, "triggered_at": false, "product": false,
        "starts_at": false, "ends_at": false,
    }, ["guards"]) %}
    {% set groups = personalize.trigger_groups() %}
    {% set compiled = {} %}
    {% for id, trigger in declared.items() %}
        {% set owner = "trigger " ~ id %}
        {% if id in ["default", "regular"] %}
            {% do personalize.refuse(owner, "has the id that stands for a message without a trigger; give it another") %}
        {% endif %}
        {% set cooldown = personalize.setting_or_value(owner, trigger.get("cooldown_days", 0)) %}
        {% if trigger.priority is not integer or trigger.priority is boolean %}
            {% do personalize.refuse(owner, "has the priority '" ~ trigger.priority ~ "'; it must be a whole number") %}
        {% elif cooldown is not number or cooldown is boolean or cooldown < 0 %}
            {% do personalize.refuse(owner, "has the cooldown_days '" ~ cooldown ~ "'; it must be a number from 0 up") %}
        {% elif trigger.get("group") is not none %}
            {% do personalize.check_choice(owner, "group", trigger.group, groups) %}
        {% endif %}
        {% do compiled.update({id: {
            "description": trigger.get("description", id),
            "condition": personalize.compile_condition(owner, trigger.when) ~ personalize.date_window(owner, trigger),
            "priority": trigger.priority,
            "guards": personalize.compiled_guards(owner, trigger.get("guards", {})),
            "cooldown_days": cooldown,
            "goal": personalize.checked_goal(owner, trigger.get("goal")),
            "group": trigger.get("group"),
            "triggered_at": personalize.fact_of_type(owner, "triggered_at", trigger.get("triggered_at"), "timestamp"),
            "product": personalize.fact_of_type(owner, "product", trigger.get("product"), "text"),
            "ends_at": personalize.experiment_time(owner, "ends_at", trigger),
        }}) %}
    {% endfor %}
    {% do personalize.check_priority_ties(compiled) %}
    {% do return(compiled) %}
{% endmacro %}


{#- Two rules of one priority need something else to tell them apart: the time they speak of, or a goal and so a score. -#}
{% macro check_priority_ties(triggers) %}
    {% set seen = {} %}
    {% for id, trigger in triggers.items() if trigger.triggered_at is none %}
        {% set place = trigger.priority ~ " " ~ trigger.goal %}
        {% if place in seen %}
            {% do personalize.refuse(
                "trigger " ~ id, "has the priority " ~ trigger.priority ~ " and the goal " ~ trigger.goal ~ ", and so has trigger "
                ~ seen[place] ~ "; neither says triggered_at, so nothing but their names decides between them"
            ) %}
        {% endif %}
        {% do seen.update({place: id}) %}
    {% endfor %}
{% endmacro %}


{#- SQL to add to a condition: as_of lies in the rule's date window, which is not empty and not over. -#}
{% macro date_window(owner, rule) %}
    {% set starts_at = personalize.experiment_time(owner, "starts_at", rule) %}
    {% set ends_at = personalize.experiment_time(owner, "ends_at", rule) %}
    {% set now = personalize.as_of().split("'")[1] %}
    {% if starts_at is not none and ends_at is not none and starts_at >= ends_at %}
        {% do personalize.refuse(owner, "ends at " ~ ends_at ~ ", which is not after its start " ~ starts_at) %}
    {% elif ends_at is not none and ends_at <= now %}
        {% do personalize.refuse(owner, "ended at " ~ ends_at ~ ", before as_of; take it away or move its ends_at") %}
    {% elif starts_at is not none and starts_at > now %}
        {% do return(" and false") %}
    {% endif %}
    {% do return("") %}
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
