{#- One block as JSON text; empty text instead of null, because some platforms drop a record for a null inside. -#}
{% macro block_payload() %}
    {% set pairs = {} %}
    {% for column in ["price", "image_width", "image_height"] %}
        {% do pairs.update({column: "coalesce(cast(" ~ column ~ " as varchar), '')"}) %}
    {% endfor %}
    {% for column in [
        "block_id", "product_id", "title", "headline", "body", "call_to_action", "url", "image_url", "image_alt",
        "currency", "reason_code", "reason_text",
    ] %}
        {% do pairs.update({column: "coalesce(" ~ column ~ ", '')"}) %}
    {% endfor %}
    {% do return(personalize.json_object_text(pairs)) %}
{% endmacro %}


{#- A letter as JSON text, from its reader and its blocks by slot. -#}
{% macro letter_payload(readers, letters) %}
    {% set pairs = {
        "first_name": "coalesce(" ~ readers ~ ".first_name, '')",
        "locale": readers ~ ".locale",
        "rule_id": "coalesce(" ~ letters ~ ".rule_id, 'regular')",
        "subject": letters ~ ".subject",
    } %}
    {% for slot in personalize.slots() %}
        {% do pairs.update({slot: personalize.parsed_json(letters ~ "." ~ slot)}) %}
    {% endfor %}
    {% do return(personalize.json_object_text(pairs)) %}
{% endmacro %}


{#- What is shown of a block, as JSON text: what its content_hash is taken over. -#}
{% macro shown_content() %}
    {% set pairs = {"price": "cast(price as varchar)"} %}
    {% for column in [
        "slot", "position", "block_id", "product_id", "title", "subject", "headline", "body", "call_to_action", "url",
        "image_url", "image_alt", "image_width", "image_height", "currency", "reason_code", "reason_text", "locale", "rule_id",
    ] %}
        {% do pairs.update({column: column}) %}
    {% endfor %}
    {% do return(personalize.json_object_text(pairs)) %}
{% endmacro %}
