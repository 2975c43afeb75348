{#-
    Segments: who is in, as a condition over the facts (macros/config/facts.sql; its form: macros/decisions/compile_condition.sql).
    A project changes them with the variable personalize_segments, a dictionary by id.
-#}
{% macro default_segments() %}
    {% do return({
        "new_customers": {
            "description": "First order within the last new_customer_days",
            "when": {"column": "days_since_first_order", "operator": "<=", "value": {"setting": "new_customer_days"}},
        },
        "loyal_customers": {
            "description": "At least loyal_customer_orders orders, the last one not longer ago than win_back_days",
            "when": {"all": [
                {"column": "order_count", "operator": ">=", "value": {"setting": "loyal_customer_orders"}},
                {"column": "days_since_last_order", "operator": "<", "value": {"setting": "win_back_days"}},
            ]},
        },
        "high_value_customers": {
            "description": "The fifth of all customers who spend most",
            "when": {"column": "monetary_score", "operator": ">=", "value": 5},
        },
        "lapsed_customers": {
            "description": "Ordered once, but not in the last win_back_days",
            "when": {"column": "days_since_last_order", "operator": ">=", "value": {"setting": "win_back_days"}},
        },
        "likely_to_leave": {
            "description": "Customers whose predicted churn is at least churn_risk_threshold",
            "when": {"all": [
                {"column": "order_count", "operator": ">=", "value": 1},
                {"column": "churn_score", "operator": ">=", "value": {"setting": "churn_risk_threshold"}},
            ]},
        },
        "likely_to_buy": {
            "description": "The tenth of all people most likely to buy soon",
            "when": {"column": "purchase_percentile", "operator": ">=", "value": 90},
        },
        "cart_abandoners": {
            "description": "A product put in the cart within the last cart_abandonment_hours and not bought",
            "when": {"column": "hours_since_cart", "operator": "<=", "value": {"setting": "cart_abandonment_hours"}},
        },
        "recent_cart_abandoners": {
            "description": "Put a product in the cart and did not buy it within cart_abandonment_hours, in the last 7 days",
            "when": {"all": [
                {"column": "hours_since_cart", "operator": ">=", "value": {"setting": "cart_abandonment_hours"}},
                {"column": "hours_since_cart", "operator": "<=", "value": 168},
            ]},
        },
        "weekend_premium_browsers": {
            "description": "Loyal customers of high value who look at premium products on weekends",
            "when": {"all": [
                {"segment": "loyal_customers"},
                {"column": "monetary_score", "operator": ">=", "value": 4},
                {"column": "weekend_premium_views", "operator": ">=", "value": 1},
            ]},
        },
        "browsers_without_purchase": {
            "description": "Looked at products within the last browse_abandonment_days and never ordered",
            "when": {"all": [
                {"column": "days_since_view", "operator": "<=", "value": {"setting": "browse_abandonment_days"}},
                {"column": "order_count", "operator": "=", "value": 0},
            ]},
        },
        "engaged_readers": {
            "description": "Read what we send and clicked in the last 90 days",
            "when": {"all": [
                {"column": "engagement_score", "operator": ">=", "value": 0.5},
                {"column": "clicks_90d", "operator": ">=", "value": 1},
            ]},
        },
    }) %}
{% endmacro %}


{#- {id: {description, condition, like, share, people}}: what is declared, checked and compiled. -#}
{% macro segments() %}
    {% set compiled = {} %}
    {% for id, segment in personalize.declared_segments().items() %}
        {% do compiled.update({id: {
            "description": segment.get("description", id),
            "condition": personalize.compile_condition("segment " ~ id, segment.when),
            "like": segment.get("like"), "share": segment.get("share"), "people": segment.get("people"),
        }}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#- What a project declares; a look-alike's `when` is that int_personalize__lookalikes found the person. -#}
{% macro declared_segments() %}
    {% set keys = {"description": false, "when": false, "like": false, "share": false, "people": false} %}
    {% set defaults = personalize.default_segments() %}
    {% set declared = personalize.declarations("segment", "personalize_segments", defaults, keys) %}
    {% set complete = {} %}
    {% for id, segment in declared.items() %}
        {% if segment.get("like") is none %}
            {% do personalize.check_plain_segment("segment " ~ id, segment, defaults if id not in defaults else {}) %}
            {% do complete.update({id: segment}) %}
        {% else %}
            {% do personalize.check_lookalike("segment " ~ id, segment, declared) %}
            {% set is_found = {"column": "lookalikes", "operator": "contains", "value": id} %}
            {% do complete.update({id: dict(segment, when=is_found)}) %}
        {% endif %}
    {% endfor %}
    {% do return(complete) %}
{% endmacro %}


{% macro check_plain_segment(owner, segment, similar) %}
    {% for key in ["share", "people"] if segment.get(key) is not none %}
        {% do personalize.refuse(owner, "has '" ~ key ~ "', which goes with 'like' only") %}
    {% endfor %}
    {% if segment.get("when") is none %}
        {% do personalize.refuse_without(owner, "when", similar) %}
    {% endif %}
{% endmacro %}


{% macro check_lookalike(owner, segment, declared) %}
    {% set share, people = segment.get("share"), segment.get("people") %}
    {% if segment.get("when") is not none %}
        {% do personalize.refuse(owner, "has both 'when' and 'like'; it must have one of them") %}
    {% endif %}
    {% do personalize.check_choice(owner, "segment", segment.like, declared) %}
    {% if owner == "segment " ~ segment.like %}
        {% do personalize.refuse(owner, "is like itself") %}
    {% elif declared[segment.like].get("like") is not none %}
        {% do personalize.refuse(owner, "is like the segment '" ~ segment.like ~ "', which is a look-alike itself") %}
    {% elif (share is none) == (people is none) %}
        {% do personalize.refuse(owner, "must say how many people it holds, by one of 'share' and 'people'") %}
    {% elif share is not none and (share is not number or share is boolean or share <= 0 or share > 1) %}
        {% do personalize.refuse(owner, "has the share '" ~ share ~ "'; it must be above 0 and at most 1") %}
    {% elif people is not none and (people is not integer or people is boolean or people < 1) %}
        {% do personalize.refuse(owner, "has '" ~ people ~ "' people; it must be a whole number from 1") %}
    {% elif personalize.embedding_dimensions() == 0 %}
        {% do personalize.refuse(owner, "needs the vectors that embedding_dimensions: 0 turns off") %}
    {% endif %}
{% endmacro %}


{#- {id: {condition, share, people}}: the look-alikes, with the condition of the people they are to be like. -#}
{% macro lookalike_segments() %}
    {% set facts = personalize.decision_facts() %}
    {% do facts.pop("lookalikes") %}
    {% set found = {} %}
    {% for id, segment in personalize.declared_segments().items() if segment.get("like") is not none %}
        {% do found.update({id: {
            "condition": personalize.compile_condition("segment " ~ id, {"segment": segment.like}, facts),
            "share": segment.get("share"), "people": segment.get("people"),
        }}) %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}


{#- Numbers per product and person; 0 makes no vectors. -#}
{% macro embedding_dimensions() %}
    {% set dimensions = personalize.setting("embedding_dimensions") %}
    {% if dimensions is not integer or dimensions is boolean or dimensions < 0 or dimensions > 128 %}
        {% do personalize.refuse("embedding_dimensions", "is '" ~ dimensions ~ "'; it must be a whole number from 0 to 128") %}
    {% endif %}
    {% do return(dimensions) %}
{% endmacro %}
