{#-
    What a person is told about why a product is there, by reason code: text, or {locale: text} with at least default_locale.
    A text with {evidence_title} is told where that product is known; else the reason's `fallback` is.
    A code without an entry is told as `recommended`. A project changes them with the variable personalize_reasons.
-#}
{% macro default_reasons() %}
    {% do return({
        "recommended": {
            "text": {"en": "Chosen for you", "de": "Für Sie ausgesucht", "fr": "Choisi pour vous"},
        },
        "popular": {
            "text": {"en": "Popular right now", "de": "Gerade beliebt", "fr": "Populaire en ce moment"},
        },
        "bought_together": {
            "text": {
                "en": "Because you bought {evidence_title}",
                "de": "Weil Sie {evidence_title} gekauft haben",
                "fr": "Parce que vous avez acheté {evidence_title}",
            },
            "fallback": "recommended",
        },
        "viewed_together": {
            "text": {
                "en": "Because you looked at {evidence_title}",
                "de": "Weil Sie sich {evidence_title} angesehen haben",
                "fr": "Parce que vous avez regardé {evidence_title}",
            },
            "fallback": "recommended",
        },
        "goes_with": {
            "text": {
                "en": "Goes with {evidence_title}",
                "de": "Passt zu {evidence_title}",
                "fr": "Va bien avec {evidence_title}",
            },
            "fallback": "recommended",
        },
        "due_again": {
            "text": {"en": "Time to restock?", "de": "Zeit für Nachschub?", "fr": "Bientôt à court ?"},
        },
        "bought_before": {
            "text": {"en": "You bought this before", "de": "Das haben Sie schon gekauft", "fr": "Vous l'avez déjà acheté"},
        },
        "trending": {
            "text": {"en": "On the rise right now", "de": "Gerade im Kommen", "fr": "En vogue en ce moment"},
        },
        "new_arrival": {
            "text": {"en": "New in", "de": "Neu bei uns", "fr": "Nouveauté"},
        },
        "similar_to": {
            "text": {
                "en": "New, and like {evidence_title}",
                "de": "Neu und ähnlich wie {evidence_title}",
                "fr": "Nouveau, dans l'esprit de {evidence_title}",
            },
            "fallback": "new_arrival",
        },
        "featured": {
            "text": {"en": "Our tip", "de": "Unser Tipp", "fr": "Notre coup de cœur"},
        },
        "in_stock": {
            "text": {"en": "In stock now", "de": "Jetzt lieferbar", "fr": "En stock"},
        },
        "back_in_stock": {
            "text": {"en": "Back in stock", "de": "Wieder lieferbar", "fr": "De retour en stock"},
        },
        "price_drop": {
            "text": {"en": "Now at a lower price", "de": "Jetzt günstiger", "fr": "Prix en baisse"},
        },
        "in_cart": {
            "text": {"en": "Still in your cart", "de": "Noch in Ihrem Warenkorb", "fr": "Toujours dans votre panier"},
        },
        "viewed": {
            "text": {"en": "You looked at this", "de": "Das haben Sie sich angesehen", "fr": "Vous l'avez regardé"},
        },
    }) %}
{% endmacro %}


{#- {code: {"known": {locale: text}, "unknown": {locale: text}}}: the text with the evidence known and without. -#}
{% macro reasons() %}
    {% set declared = personalize.declarations(
        "reason", "personalize_reasons", personalize.default_reasons(), {"text": true, "fallback": false}, ["text"]
    ) %}
    {% if "recommended" not in declared %}
        {% do personalize.refuse("reason recommended", "is taken away, but every code without a text is told by it") %}
    {% endif %}
    {% set compiled, tokens = {}, personalize.tokens() %}
    {% for code, reason in declared.items() %}
        {% set owner = "reason " ~ code %}
        {% set fallback = reason.get("fallback", code) %}
        {% if fallback not in declared %}
            {% do personalize.refuse(owner, "has the unknown fallback '" ~ fallback ~ "'" ~ personalize.hint(fallback, declared)) %}
        {% endif %}
        {% set without = personalize.localised_text("reason " ~ fallback, "text", declared[fallback].text, ["shop", "evidence"], tokens) %}
        {% for locale, text in without.items() if "{evidence_title}" in text %}
            {% do personalize.refuse(owner, "speaks of {evidence_title} and needs a fallback that does not") %}
        {% endfor %}
        {% do compiled.update({code: {
            "known": personalize.localised_text(owner, "text", reason.text, ["shop", "evidence"], tokens),
            "unknown": without,
        }}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}
