{#-
    The tokens a text may hold, as {name} or {{ name }}, with what stands there where the value is not known: {name|fallback}.
      about     person: the reader's name; fact: what is known of the reader, or the list of products the e-mail shows;
                product: the block's product; evidence: the product a reason speaks of; shop: known while building
      setting   the setting a token about the shop stands for
    Of facts:
      fact      the column of int_personalize__decision_facts
      type      text, number, percent, money, date, list
      decimals  of numbers and percentages
      fallback  {locale: text}, or a value of the type
    A project changes them, and gives facts other names, with the variable personalize_tokens, a dictionary by id.
-#}
{% macro tokens() %}
    {% set tokens = {
        "product_title": {"about": "product"},
        "price": {"about": "product"},
        "evidence_title": {"about": "evidence"},
        "shop_name": {"about": "shop", "setting": "shop_name"},
        "shop_url": {"about": "shop", "setting": "shop_url"},
    } %}
    {% set defaults = personalize.default_tokens() %}
    {% set changed = var("personalize_tokens", {}) or {} %}
    {% set declared = personalize.declarations("token", "personalize_tokens", defaults, {
        "fact": false, "type": false, "decimals": false, "fallback": false,
    }) if changed else defaults %}
    {% for id, token in declared.items() %}
        {% if id in tokens %}
            {% do personalize.refuse("token " ~ id, "is filled by the package and cannot be declared") %}
        {% endif %}
        {% do tokens.update({id: personalize.checked_token(id, token, defaults) if id in changed else dict(
            token, about="person" if id == "first_name" else "fact"
        )}) %}
    {% endfor %}
    {% do return(tokens) %}
{% endmacro %}


{#- The reader's name, the products of the e-mail, and the facts that can be said: {id: {fact, type, decimals}}. -#}
{% macro default_tokens() %}
    {% set tokens = {
        "first_name": {"type": "text", "fact": "first_name"},
        "recommended_products": {"type": "list", "fact": "recommended_products"},
    } %}
    {% set money = ["monetary_value", "average_order_value"] %}
    {% set shares = ["price_drop_share", "engagement_score", "purchase_score", "purchase_percentile"] %}
    {% set shares = shares + ["churn_score", "churn_percentile"] %}
    {% set said_as = {"number": "number", "timestamp": "date", "text": "text"} %}
    {% for fact, type in personalize.decision_facts().items() if type in said_as and fact != "locale" and not fact.endswith("_product_id") %}
        {% set type = "money" if fact in money else "percent" if fact in shares else said_as[type] %}
        {% do tokens.update({fact: {"type": type, "fact": fact, "decimals": 0}}) %}
    {% endfor %}
    {% do return(tokens) %}
{% endmacro %}


{#- A token that a project has changed or added, checked and complete. -#}
{% macro checked_token(id, token, defaults) %}
    {% set owner = "token " ~ id %}
    {% set fact = token.get("fact", id) %}
    {% if fact not in defaults %}
        {% do personalize.refuse(owner, "has the unknown fact '" ~ fact ~ "'" ~ personalize.hint(fact, defaults)) %}
    {% endif %}
    {% set default = defaults[fact] %}
    {% set type, decimals = token.get("type", default.type), token.get("decimals", 0) %}
    {% set types = ["number", "percent", "money"] if default.type in ["number", "percent", "money"] else [default.type] %}
    {% do personalize.check_choice(owner, "type", type, types) %}
    {% if decimals is not integer or decimals is boolean or decimals < 0 or decimals > 6 %}
        {% do personalize.refuse(owner, "has '" ~ decimals ~ "' decimals; it must be a whole number from 0 to 6") %}
    {% endif %}
    {% do return({
        "about": "person" if default.fact == "first_name" else "fact",
        "type": type, "fact": default.fact, "decimals": decimals,
        "fallback": personalize.typed_fallback(owner, type, token.get("fallback")),
    }) %}
{% endmacro %}


{#- A fallback as {locale: text}, as a value of the token's type, or none. -#}
{% macro typed_fallback(owner, type, fallback) %}
    {% if fallback is mapping or type in ["text", "list"] and fallback is string %}
        {% do return(personalize.localised_text(owner, "fallback", fallback, [], {})) %}
    {% elif fallback is none or type in ["number", "percent", "money"] and fallback is number and fallback is not boolean %}
        {% do return(fallback) %}
    {% elif type == "date" and fallback is string %}
        {% do return(personalize.plain_timestamp(owner ~ " a fallback that", fallback)) %}
    {% endif %}
    {% do personalize.refuse(
        owner, "has the fallback '" ~ fallback ~ "', which is no " ~ type ~ "; words are given by language, as in {\"en\": \"some\"}"
    ) %}
{% endmacro %}


{#- The tokens about facts that the blocks speak of, as {what stands in the braces: {token, fallback}}. -#}
{% macro spoken_tokens() %}
    {% set tokens, spoken = personalize.tokens(), {} %}
    {% for block in personalize.blocks().values() %}
        {% for key, by_locale in block.texts.items() %}
            {% for text in by_locale.values() %}
                {% for found in modules.re.findall("\\{([^{}]*)\\}", text) if tokens[found.split("|")[0]].about == "fact" %}
                    {% do spoken.update({found: {
                        "token": found.split("|")[0], "fallback": found.split("|")[1:] | join("|") if "|" in found else none,
                    }}) %}
                {% endfor %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% do return(spoken) %}
{% endmacro %}
