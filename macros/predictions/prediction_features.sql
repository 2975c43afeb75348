{#-
    The features of the prediction models: {name: expression over int_personalize__prediction_measures}. Counts, days
    and money enter as ln(1 + x); what is unknown is 0 and has an indicator of its own. The trained terms carry these
    names, and a score is the sum over them in this order.
-#}
{% macro prediction_features() %}
    {% do return({
        "has_bought": "case when orders > 0 then 1 else 0 end",
        "order_recency": "coalesce(ln(1 + days_since_order), 0)",
        "orders": "ln(1 + orders)",
        "orders_28d": "ln(1 + orders_28d)",
        "orders_90d": "ln(1 + orders_90d)",
        "amount": "case when amount > 0 then ln(1 + cast(amount as double)) else 0 end",
        "categories": "ln(1 + categories)",
        "has_rhythm": "case when orders >= 3 and mean_interval > 0 then 1 else 0 end",
        "interval": "case when orders >= 3 and mean_interval > 0 then ln(1 + mean_interval) else 0 end",
        "irregularity": "case when orders >= 3 and mean_interval > 0
            then least(interval_deviation / mean_interval, 3.0) else 0 end",
        "overdue": "case when orders >= 3 and mean_interval > 0
            then least(days_since_order / mean_interval, 5.0) else 0 end",
        "has_visited": "case when visits > 0 then 1 else 0 end",
        "visit_recency": "coalesce(ln(1 + days_since_visit), 0)",
        "views_7d": "ln(1 + views_7d)",
        "views_28d": "ln(1 + views_28d)",
        "carts_7d": "ln(1 + carts_7d)",
        "carts_28d": "ln(1 + carts_28d)",
        "email_opens": "ln(1 + email_opens_28d)",
        "email_clicks": "ln(1 + email_clicks_28d)",
        "tenure": "ln(1 + days_known)",
    }) %}
{% endmacro %}


{#- Aggregate over int_personalize__prediction_terms, called terms: the value of one of them. -#}
{% macro term_value(kind, term) -%}
    max(case when terms.kind = '{{ kind }}' and terms.term = '{{ term }}' then terms.value end)
{%- endmacro %}
