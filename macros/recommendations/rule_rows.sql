{#- The declared rules as rows of SQL literals, for the models of the room models/recommendations/rules. -#}


{% macro recommendation_rule_rows() %}
    {% set rows = [] %}
    {% for id, rule in personalize.recommendation_rules().items() %}
        {% do rows.append([
            personalize.text_literal(id), loop.index, personalize.text_literal(rule.kind),
            personalize.text_literal(rule.description),
            (rule.people is none) | string | lower, (rule.products is none) | string | lower,
            (rule.campaigns is not none) | string | lower,
            personalize.number_or_null(rule.factor), personalize.number_or_null(rule.place),
            personalize.number_or_null(rule.at_most), personalize.number_or_null(rule.within_days),
            personalize.number_or_null(rule.weight),
        ]) %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, [
        "rule_id", "rule_order", "kind", "description", "is_for_everybody", "is_for_every_product", "is_for_campaigns",
        "factor", "place", "at_most", "within_days", "weight",
    ])) %}
{% endmacro %}


{% macro rule_campaign_rows() %}
    {% set rows = [] %}
    {% for id, rule in personalize.recommendation_rules().items() if rule.campaigns is not none %}
        {% for campaign in rule.campaigns %}
            {% do rows.append([personalize.text_literal(id), personalize.text_literal(campaign)]) %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["rule_id", "campaign_id"])) %}
{% endmacro %}


{% macro number_or_null(value) %}
    {% do return("cast(" ~ (value if value is not none else "null") ~ " as double)") %}
{% endmacro %}


{#- Conditions of the caps on one list, for rows that have the columns place_in_<rule>. -#}
{% macro within_caps() -%}
    {%- for id, rule in personalize.recommendation_rules_of(["cap"]).items() %}
    and (place_in_{{ id }} is null or place_in_{{ id }} <= {{ rule.at_most }})
    {%- endfor %}
{%- endmacro %}


{#-
    Columns place_in_<rule>: the place within what each cap counts; null where a product is of no such kind. Without a cap one
    column that nobody reads.
-#}
{% macro places_in_caps(partition, order) %}
    {% set columns = [] %}
    {% for id, rule in personalize.recommendation_rules_of(["cap"]).items() %}
        {% do columns.append(
            "case when " ~ rule.by ~ " is not null then row_number() over (partition by " ~ partition ~ ", " ~ rule.by
            ~ " order by " ~ order ~ ") end as place_in_" ~ id
        ) %}
    {% endfor %}
    {% do return(columns | join(", ") if columns else "0 as place_in_nothing") %}
{% endmacro %}
