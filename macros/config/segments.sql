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


{#- {id: {description, when, condition}}: what is declared, checked and compiled. -#}
{% macro segments() %}
    {% set compiled = {} %}
    {% for id, segment in personalize.declared_segments().items() %}
        {% do compiled.update({id: {
            "description": segment.get("description", id),
            "condition": personalize.compile_condition("segment " ~ id, segment.when),
        }}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{% macro declared_segments() %}
    {% do return(personalize.declarations(
        "segment", "personalize_segments", personalize.default_segments(), {"description": false, "when": true}
    )) %}
{% endmacro %}
