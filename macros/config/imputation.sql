{#- How what is unknown of a person is filled in for the prediction models; a project changes one under personalize_imputation. -#}
{% macro default_imputation() %}
    {% do return({
        "order_recency": {"method": "median"},
        "interval": {"method": "nearest"},
        "irregularity": {"method": "nearest"},
        "visit_recency": {"method": "median"},
    }) %}
{% endmacro %}


{#- {feature: method} of the declared imputations, checked. -#}
{% macro imputation() %}
    {% set declared = personalize.declarations(
        "imputation", "personalize_imputation", personalize.default_imputation(), {"method": true}
    ) %}
    {% set features = personalize.measured_features() %}
    {% set methods = ["median", "mode", "nearest"] %}
    {% set compiled = {} %}
    {% for feature, rule in declared.items() %}
        {% set owner = "imputation " ~ feature %}
        {% if feature not in features %}
            {% do personalize.refuse(owner, "is for no feature of the prediction models" ~ personalize.hint(feature, features)) %}
        {% elif rule.method not in methods %}
            {% do personalize.refuse(owner, "has the unknown method '" ~ rule.method ~ "'" ~ personalize.hint(rule.method, methods)) %}
        {% endif %}
        {% do compiled.update({feature: rule.method}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}
