{#-
    What a condition may speak of: the columns of int_personalize__decision_facts and their types. Described in that
    model's YAML. number, text, boolean, timestamp compare as one expects; list is text like |a|b| that `contains` looks into.
-#}
{% macro decision_facts() %}
    {% do return({
        "can_personalize": "boolean",
        "can_use_third_party": "boolean",
        "locale": "text",
        "country": "text",
        "loyalty_tier": "text",
        "tier_upgraded_at": "timestamp",
        "days_since_tier_upgrade": "number",
        "subscription_changed_at": "timestamp",
        "days_since_subscription_change": "number",

        "first_ordered_at": "timestamp",
        "last_ordered_at": "timestamp",
        "days_since_first_order": "number",
        "days_since_last_order": "number",
        "order_count": "number",
        "monetary_value": "number",
        "average_order_value": "number",
        "recency_score": "number",
        "frequency_score": "number",
        "monetary_score": "number",
        "favourite_category": "text",
        "favourite_brand": "text",

        "cart_product_id": "text",
        "cart_added_at": "timestamp",
        "hours_since_cart": "number",
        "cart_product_count": "number",
        "viewed_product_id": "text",
        "viewed_at": "timestamp",
        "days_since_view": "number",
        "hours_since_visit": "number",
        "weekend_premium_views": "number",

        "back_in_stock_product_id": "text",
        "back_in_stock_at": "timestamp",
        "days_since_back_in_stock": "number",
        "price_drop_product_id": "text",
        "price_dropped_at": "timestamp",
        "days_since_price_drop": "number",
        "price_drop_share": "number",
        "replenish_product_id": "text",

        "days_since_birthday": "number",
        "days_until_birthday": "number",

        "sends_7d": "number",
        "sends_90d": "number",
        "opens_90d": "number",
        "clicks_90d": "number",
        "days_since_last_click": "number",
        "engagement_score": "number",

        "purchase_score": "number",
        "purchase_percentile": "number",
        "churn_score": "number",
        "churn_percentile": "number",

        "bought_segments": "list",
        "journeys": "list",
        "lookalikes": "list",
    }) %}
{% endmacro %}
