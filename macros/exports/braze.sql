{#-
    What a Braze user row carries: {attribute: expression over int_personalize__braze_user_values}. Standard profile
    fields come first; attributes that begin with personalize_ are ours and are set to null when the person leaves.
-#}
{% macro braze_user_attributes() %}
    {% do return({
        "email": "email",
        "first_name": "first_name",
        "language": "language",
        "country": "country",
        "time_zone": "timezone",
        "personalize_rule": "rule_id",
        "personalize_locale": "locale",
        "personalize_valid_until": "valid_until",
        "personalize_subject": "subject",
        "personalize_preheader": "preheader",
        "personalize_hero_block": "hero_block_id",
        "personalize_hero_product": "hero_item_id",
        "personalize_hero_headline": "hero_headline",
        "personalize_hero_title": "hero_title",
        "personalize_hero_body": "hero_body",
        "personalize_hero_button": "hero_button",
        "personalize_hero_reason": "hero_reason",
        "personalize_showcase_headline": "showcase_headline",
        "personalize_showcase_body": "showcase_body",
        "personalize_showcase_button": "showcase_button",
        "personalize_products": personalize.parsed_json("item_ids"),
        "personalize_reasons": personalize.parsed_json("reasons"),
        "personalize_footer": "footer",
        "personalize_blocks": personalize.parsed_json("block_ids"),
        "personalize_experiment": "experiment_id",
        "personalize_variant": "variant_id",
    }) %}
{% endmacro %}


{#- The payload that takes everything of ours back: our attributes as null, the profile itself left alone. -#}
{% macro braze_cleared_payload() -%}
    {%- set cleared = {} -%}
    {%- for attribute in personalize.braze_user_attributes() if attribute.startswith("personalize_") -%}
        {%- do cleared.update({attribute: "null"}) -%}
    {%- endfor -%}
    {{ personalize.json_object_text(cleared) }}
{%- endmacro %}
