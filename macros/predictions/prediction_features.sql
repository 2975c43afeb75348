{#-
    What the prediction models measure of a person: {feature: expression over int_personalize__prediction_measures}. Counts,
    days and money enter as ln(1 + x). Null where it is unknown: then the imputation declared for the feature, or else 0,
    stands in for it. A project that overrides this macro adds features here.
-#}
{% macro measured_features() %}
    {% set has_rhythm = "orders >= 3 and mean_interval > 0" %}
    {% do return({
        "order_recency": "ln(1 + days_since_order)",
        "orders": "ln(1 + orders)",
        "orders_28d": "ln(1 + orders_28d)",
        "orders_90d": "ln(1 + orders_90d)",
        "amount": "case when amount > 0 then ln(1 + cast(amount as double)) else 0 end",
        "categories": "ln(1 + categories)",
        "interval": "case when " ~ has_rhythm ~ " then ln(1 + mean_interval) end",
        "irregularity": "case when " ~ has_rhythm ~ " then least(interval_deviation / mean_interval, 3.0) end",
        "visit_recency": "ln(1 + days_since_visit)",
        "views_7d": "ln(1 + views_7d)",
        "views_28d": "ln(1 + views_28d)",
        "carts_7d": "ln(1 + carts_7d)",
        "carts_28d": "ln(1 + carts_28d)",
        "email_opens": "ln(1 + email_opens_28d)",
        "email_clicks": "ln(1 + email_clicks_28d)",
        "tenure": "ln(1 + days_known)",
    }) %}
{% endmacro %}


{#- What follows from measured features once they are complete: {feature: expression over complete}. -#}
{% macro derived_features() %}
    {% do return({
        "overdue": "case when complete.interval > 0 then least(
            (exp(complete.order_recency) - 1) / (exp(complete.interval) - 1), 5.0
        ) else 0 end",
    }) %}
{% endmacro %}


{#- The names of all features, in the order in which a score is the sum over them; the trained terms carry these names. -#}
{% macro prediction_features() %}
    {% set names = personalize.measured_features().keys() | list + personalize.derived_features().keys() | list %}
    {% for feature in personalize.imputation() %}
        {% do names.append(feature ~ "_was_missing") %}
    {% endfor %}
    {% do return(names) %}
{% endmacro %}


{#- Aggregate over int_personalize__prediction_terms, called terms: the value of one of them. -#}
{% macro term_value(kind, term) -%}
    max(case when terms.kind = '{{ kind }}' and terms.term = '{{ term }}' then terms.value end)
{%- endmacro %}
