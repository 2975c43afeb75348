{#-
    Rules over the model: what may not be recommended, what comes first, how much of one kind. A project changes them with the
    variable personalize_recommendation_rules, a dictionary by id.
      kind         exclude, boost, pin, cap, show_at_most or diversity
      description  for the report personalize__recommendation_rule_effects
      products     which products, {product_id | category | subcategory | brand: [values], price_below | price_above |
                   margin_below | margin_above: number} (margins: seeds/reference/personalize_product_margins.csv); all that is said must hold (without: every product; exclude and boost must say one, pin a product_id)
      people       for whom, a condition over the facts (form: macros/decisions/compile_condition.sql; without: everybody)
      campaigns    exclude: only in e-mails of these triggers and stages of journeys, or "default" where none won
      factor       boost: a product at place 8 moves to about place 8 / factor; below 1 it moves down
      place        pin: the place in the list
      by, at_most  cap: at most so many products of one category, subcategory or brand in a list
      at_most, within_days   show_at_most: not again once it was in so many e-mails within so many days
      weight       diversity: 0 (the model's order) to 1 (as mixed as can be); maximal marginal relevance
    What is unavailable, unpriced, in excluded_products or excluded_categories or bought within exclude_bought_within_days is
    never recommended, whatever the rules say.
-#}
{% macro default_recommendation_rules() %}
    {% do return({
        "seen_enough": {
            "kind": "show_at_most",
            "description": "Not again after three e-mails within four weeks",
            "at_most": 3,
            "within_days": 28,
        },
        "variety": {
            "kind": "diversity",
            "description": "A little more of everything in one list",
            "weight": 0.1,
        },
    }) %}
{% endmacro %}


{#- The keys of each kind beside kind and description: {key: is_required}. -#}
{% macro recommendation_rule_kinds() %}
    {% do return({
        "exclude": {"products": true, "people": false, "campaigns": false},
        "boost": {"products": true, "people": false, "factor": true},
        "pin": {"products": true, "people": false, "place": true},
        "cap": {"by": true, "at_most": true},
        "show_at_most": {"products": false, "at_most": true, "within_days": true},
        "diversity": {"weight": true},
    }) %}
{% endmacro %}


{#- What is never recommended, by id; each a condition over the catalogue, the first that holds is told. -#}
{% macro standing_product_rules() %}
    {% do return({
        "unavailable": "not coalesce(is_available, true)",
        "unpriced": "not coalesce(price > 0, false)",
        "excluded_products": personalize.is_listed("product_id", "excluded_products"),
        "excluded_categories": personalize.is_listed("category", "excluded_categories"),
    }) %}
{% endmacro %}


{#-
    {id: {kind, description, products, people, campaigns, factor, place, by, at_most, within_days, weight}} in their order,
    checked; products and people are SQL conditions or none.
-#}
{% macro recommendation_rules() %}
    {% set kinds = personalize.recommendation_rule_kinds() %}
    {% set declared = personalize.declarations(
        "recommendation rule", "personalize_recommendation_rules", personalize.default_recommendation_rules(), {
            "kind": true, "description": false, "products": false, "people": false, "campaigns": false, "factor": false,
            "place": false, "by": false, "at_most": false, "within_days": false, "weight": false,
        }, ["products"]
    ) %}
    {% set checked = {} %}
    {% for id, rule in declared.items() %}
        {% set owner = "recommendation rule " ~ id %}
        {% do personalize.check_choice(owner, "kind", rule.kind, kinds) %}
        {% set keys = kinds[rule.kind] %}
        {% for key in rule if key not in ["kind", "description"] and key not in keys %}
            {% do personalize.refuse(owner, "has the key '" ~ key ~ "', which does not belong to a rule of the kind " ~ rule.kind) %}
        {% endfor %}
        {% for key, is_required in keys.items() if is_required and rule.get(key) is none %}
            {% do personalize.refuse(owner, "has no '" ~ key ~ "', which a rule of the kind " ~ rule.kind ~ " needs") %}
        {% endfor %}
        {% if id in personalize.standing_product_rules() or id in ["bought_recently", "disliked"] %}
            {% do personalize.refuse(owner, "has the name of a rule that always holds") %}
        {% endif %}
        {% if "by" in rule %}
            {% do personalize.check_choice(owner, "by", rule.by, ["category", "subcategory", "brand"]) %}
        {% endif %}
        {% do checked.update({id: {
            "kind": rule.kind,
            "description": rule.get("description", id),
            "products": personalize.product_condition(owner, rule.products) if "products" in rule else none,
            "people": personalize.compile_condition(owner, rule.people) if "people" in rule else none,
            "campaigns": personalize.rule_campaigns(owner, rule.get("campaigns")),
            "factor": personalize.rule_number(owner, "factor", rule.get("factor"), 0.01, 100),
            "place": personalize.rule_number(owner, "place", rule.get("place"), 1, 1000, true),
            "by": rule.get("by"),
            "at_most": personalize.rule_number(owner, "at_most", rule.get("at_most"), 1, 1000, true),
            "within_days": personalize.rule_number(owner, "within_days", rule.get("within_days"), 1, 1000, true),
            "weight": personalize.rule_number(owner, "weight", rule.get("weight"), 0, 1),
        }}) %}
        {% if rule.kind == "pin" and (rule.products.keys() | list != ["product_id"] or rule.products.product_id | length != 1) %}
            {% do personalize.refuse(owner, "must name one product, as {\"product_id\": [\"…\"]}") %}
        {% endif %}
    {% endfor %}
    {% do personalize.check_unique_rules(checked) %}
    {% do return(checked) %}
{% endmacro %}


{#- At most one rule for diversity, and no two pins of one place that could meet. -#}
{% macro check_unique_rules(rules) %}
    {% set taken = {} %}
    {% for id, rule in rules.items() %}
        {% set place = "diversity" if rule.kind == "diversity" else ("place " ~ rule.place if rule.kind == "pin") %}
        {% if place and place in taken %}
            {% do personalize.refuse(
                "recommendation rule " ~ id, "is about " ~ place ~ ", and so is the rule '" ~ taken[place] ~ "'"
            ) %}
        {% endif %}
        {% if place %}{% do taken.update({place: id}) %}{% endif %}
    {% endfor %}
{% endmacro %}


{#- A rule's number, or the setting it names, within its bounds; none where there is none. -#}
{% macro rule_number(owner, key, given, smallest, largest, is_whole=false) %}
    {% set value = personalize.setting_or_value(owner, given) %}
    {% if value is none %}
        {% do return(none) %}
    {% elif value is not number or value is boolean or (is_whole and value is not integer) or value < smallest or value > largest %}
        {% do personalize.refuse(
            owner, "has the " ~ key ~ " '" ~ value ~ "'; it must be a " ~ ("whole " if is_whole else "")
            ~ "number from " ~ smallest ~ " to " ~ largest
        ) %}
    {% endif %}
    {% do return(value) %}
{% endmacro %}


{#- The triggers of a rule, or "default"; none where it holds in every e-mail. -#}
{% macro rule_campaigns(owner, campaigns) %}
    {% if campaigns is none %}
        {% do return(none) %}
    {% elif campaigns is string or campaigns is mapping or campaigns is not iterable or campaigns | list | length == 0 %}
        {% do personalize.refuse(owner, "has campaigns that are not a list of triggers") %}
    {% endif %}
    {% set known = ["default"] + personalize.triggers().keys() | list + personalize.journey_rules().keys() | list %}
    {% for campaign in campaigns %}
        {% do personalize.check_choice(owner, "campaign", campaign, known) %}
    {% endfor %}
    {% do return(campaigns) %}
{% endmacro %}


{#- Which products, as SQL over the columns of the catalogue. -#}
{% macro product_condition(owner, products) %}
    {% set lists = ["product_id", "category", "subcategory", "brand"] %}
    {% set bounds = {
        "price_below": ["price <", 0, 1000000000],
        "price_above": ["price >", 0, 1000000000],
        "margin_below": ["margin <", -100, 1],
        "margin_above": ["margin >", -100, 1],
    } %}
    {% if products is not mapping or products | length == 0 %}
        {% do personalize.refuse(owner, "has products that are not a dictionary such as {\"category\": [\"…\"]}") %}
    {% endif %}
    {% set parts = [] %}
    {% for key, value in products.items() %}
        {% if key in bounds %}
            {% set bound = bounds[key] %}
            {% do parts.append(bound[0] ~ " " ~ personalize.rule_number(owner, key, value, bound[1], bound[2])) %}
        {% elif key not in lists %}
            {% do personalize.refuse(
                owner, "chooses products by the unknown key '" ~ key ~ "'" ~ personalize.hint(key, lists + bounds.keys() | list)
            ) %}
        {% elif value is string or value is mapping or value is not iterable or value | list | length == 0 %}
            {% do personalize.refuse(owner, "has a " ~ key ~ " that is not a list of texts") %}
        {% else %}
            {% set literals = [] %}
            {% for item in value %}
                {% do literals.append(personalize.typed_literal(owner ~ " has among its " ~ key, "text", item)) %}
            {% endfor %}
            {% do parts.append(key ~ " in (" ~ literals | join(", ") ~ ")") %}
        {% endif %}
    {% endfor %}
    {% do return("coalesce(" ~ parts | join(" and ") ~ ", false)") %}
{% endmacro %}


{#- {id: condition over the catalogue} of all that is recommended to nobody, in the order in which it is told. -#}
{% macro product_exclusions() %}
    {% set exclusions = {} %}
    {% do exclusions.update(personalize.standing_product_rules()) %}
    {% for id, rule in personalize.recommendation_rules().items() %}
        {% if rule.kind == "exclude" and rule.people is none and rule.campaigns is none %}
            {% do exclusions.update({id: rule.products}) %}
        {% endif %}
    {% endfor %}
    {% do return(exclusions) %}
{% endmacro %}


{#- The id of the first rule that keeps a product from everybody, as SQL over the columns of the catalogue. -#}
{% macro product_exclusion() -%}
    case
        {%- for id, condition in personalize.product_exclusions().items() %}
        when coalesce({{ condition }}, false) then '{{ id }}'
        {%- endfor %}
    end
{%- endmacro %}


{#- The declared rules of some kinds, in order: {id: rule}. -#}
{% macro recommendation_rules_of(kinds) %}
    {% set found = {} %}
    {% for id, rule in personalize.recommendation_rules().items() if rule.kind in kinds %}
        {% do found.update({id: rule}) %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}
