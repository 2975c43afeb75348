{#- The fields of one block as it is shown, all text and never null: some platforms drop a record for a null inside. -#}
{% macro block_fields() %}
    {% do return([
        "block_id", "product_id", "title", "headline", "body", "button", "url", "image_url", "image_alt", "image_width",
        "image_height", "price", "reason",
    ]) %}
{% endmacro %}


{#- What a letter says besides its blocks. -#}
{% macro letter_fields() %}
    {% do return([
        "first_name", "locale", "direction", "align", "rule_id", "subject", "preheader", "preferences_text", "unsubscribe_text",
        "timezone", "quiet_from", "quiet_until", "valid_until",
    ]) %}
{% endmacro %}


{#- When the reader's quiet hours begin (from) or end (to) on the reader's clock, as 21:00; empty without quiet hours. -#}
{% macro quiet_hour(side) %}
    {% do personalize.quiet_hours() %}
    {% do return(personalize.text_literal((personalize.setting("quiet_hours") or {}).get(side, ""))) %}
{% endmacro %}


{#- The words beneath every letter, by language; templates/email/words.json holds the same. -#}
{% macro letter_words() %}
    {% do return({
        "preferences": {"en": "Change what you get", "de": "E-Mail-Einstellungen", "fr": "Gérer mes préférences"},
        "unsubscribe": {"en": "Unsubscribe", "de": "Abmelden", "fr": "Se désabonner"},
    }) %}
{% endmacro %}


{#- One of these words in the language of an expression. -#}
{% macro letter_word(word, locale) -%}
    {%- set by_locale = personalize.letter_words()[word] -%}
    case {{ locale }}
        {%- for name, text in by_locale.items() if name != "en" %}
        when '{{ name }}' then {{ personalize.text_literal(text) }}
        {%- endfor %}
        else {{ personalize.text_literal(by_locale["en"]) }}
    end
{%- endmacro %}


{#- Whether a language is written from right to left. -#}
{% macro is_right_to_left(locale) -%}
    left({{ locale }}, 2) in ('ar', 'fa', 'he', 'ur', 'yi')
{%- endmacro %}


{#- The places of the wide shape, one column per field: four products beside the hero. More need nested or long. -#}
{% macro wide_places() %}
    {% do return([
        ["hero", "hero", 1, personalize.block_fields()],
        ["showcase", "showcase", 1, ["headline", "body"]],
        ["showcase_1", "showcase", 1, personalize.wide_item_fields()],
        ["showcase_2", "showcase", 2, personalize.wide_item_fields()],
        ["showcase_3", "showcase", 3, personalize.wide_item_fields()],
        ["showcase_4", "showcase", 4, personalize.wide_item_fields()],
        ["footer", "footer", 1, ["body"]],
    ]) %}
{% endmacro %}

{% macro wide_item_fields() %}
    {% do return([
        "product_id", "title", "button", "url", "image_url", "image_alt", "image_width", "image_height", "price", "reason",
    ]) %}
{% endmacro %}


{#- {column: [type, the column of int_personalize__letter_columns it holds]}, each name with a prefix. -#}
{% macro wide_columns(prefix="") %}
    {% set columns = {} %}
    {% for field in personalize.letter_fields() %}
        {% do columns.update({prefix ~ field: ["varchar", field]}) %}
    {% endfor %}
    {% for place, slot, position, fields in personalize.wide_places() %}
        {% for field in fields %}
            {% do columns.update({prefix ~ place ~ "_" ~ field: ["varchar", place ~ "_" ~ field]}) %}
        {% endfor %}
    {% endfor %}
    {% do return(columns) %}
{% endmacro %}


{#-
    The merge fields of Mailchimp: {tag: [type, column of int_personalize__letter_columns]}. A tag has at most 10 characters, and an
    audience at most 30 fields in the smaller plans, so what a reader can do without is left out.
-#}
{% macro mailchimp_merge_fields() %}
    {% set tags = {
        "fname": "first_name", "subject": "subject", "preheader": "preheader",
        "hero_head": "hero_headline", "hero_text": "hero_body", "hero_title": "hero_title", "hero_url": "hero_url",
        "hero_img": "hero_image_url", "hero_price": "hero_price", "hero_why": "hero_reason", "hero_btn": "hero_button",
        "show_head": "showcase_headline", "footer": "footer_body",
    } %}
    {% for place in range(1, 5) %}
        {% for tag, field in {"title": "title", "url": "url", "img": "image_url", "price": "price"}.items() %}
            {% do tags.update({"p" ~ place ~ "_" ~ tag: "showcase_" ~ place ~ "_" ~ field}) %}
        {% endfor %}
    {% endfor %}
    {% set fields = {} %}
    {% for tag, column in tags.items() %}{% do fields.update({tag: ["varchar", column]}) %}{% endfor %}
    {% do return(fields) %}
{% endmacro %}


{#- A price in a catalogue, which has no reader, as a language writes it. -#}
{% macro price_with_currency(price, currency, locale=none) -%}
    {%- set locale = personalize.text_literal(locale or personalize.setting("default_locale")) -%}
    case
        when {{ price }} is null then ''
        else trim({{ personalize.price_text(price, "coalesce(" ~ currency ~ ", '')", locale) }})
    end
{%- endmacro %}


{#- The bytes of a text once HTML has escaped it, which makes at most five of one. -#}
{% macro html_bytes(text) -%}
    {{ personalize.byte_length(text) }}
    + 4 * (length({{ text }}) - length({{ personalize.replace_all(text, "[&<>\"']", "") }}))
{%- endmacro %}


{#-
    What the markup around the blocks is estimated at, from the setting mail_markup_bytes: a letter with hero and footer, a further
    slot, a further block. As templates/email has it; a shop with templates of its own measures them and says so.
-#}
{% macro mail_markup_bytes(part) %}
    {% set given = personalize.setting("mail_markup_bytes") %}
    {% do personalize.check_declaration("mail_markup_bytes", given, {"letter": true, "slot": true, "block": true}) %}
    {% if given[part] is not integer or given[part] is boolean or given[part] < 0 %}
        {% do personalize.refuse("mail_markup_bytes", "has '" ~ given[part] ~ "' for " ~ part ~ "; it must be a number of bytes") %}
    {% endif %}
    {% do return(given[part]) %}
{% endmacro %}


{#- A catalogue id in a platform's alphabet; another id is spelt with the separator and a hash that keeps it unique. -#}
{% macro catalog_id(product_id, alphabet="A-Za-z0-9_-", separator="_") -%}
    case
        when {{ personalize.matches(product_id, "[" ~ alphabet ~ "]{1,200}") }} then {{ product_id }}
        else left({{ personalize.replace_all(product_id, "[^" ~ alphabet ~ "]", separator) }}, 200)
            || '{{ separator }}' || left(md5({{ product_id }}), 8)
    end
{%- endmacro %}


{#- Columns as {name: itself}, to make a JSON object of. -#}
{% macro named(columns) %}
    {% set pairs = {} %}
    {% for column in columns %}{% do pairs.update({column: column}) %}{% endfor %}
    {% do return(pairs) %}
{% endmacro %}


{#- A letter as {key: expression}: its fields, then its blocks by slot. -#}
{% macro letter_pairs() %}
    {% set pairs = personalize.named(personalize.letter_fields()) %}
    {% for slot in personalize.slots() %}
        {% do pairs.update({slot: personalize.parsed_json(slot ~ "_blocks")}) %}
    {% endfor %}
    {% do return(pairs) %}
{% endmacro %}


{#- JSON text from {key: expression}, to be nested in another. -#}
{% macro nested(pairs) %}
    {% do return(personalize.parsed_json(personalize.json_object_text(pairs))) %}
{% endmacro %}


{#- Columns of text as {name: type}. -#}
{% macro named_types(columns) %}
    {% set types = {} %}
    {% for column in columns %}{% do types.update({column: "varchar"}) %}{% endfor %}
    {% do return(types) %}
{% endmacro %}


{#- Columns as {name: empty text}: what clears them where null does not. -#}
{% macro empty_texts(columns) %}
    {% set texts = {} %}
    {% for column in columns %}{% do texts.update({column: "''"}) %}{% endfor %}
    {% do return(texts) %}
{% endmacro %}


{#- The same as a JSON object. -#}
{% macro emptied(columns) %}{% do return(personalize.json_object_text(personalize.empty_texts(columns))) %}{% endmacro %}


{#- The columns of the wide shape out of a person's blocks. -#}
{% macro wide_block_columns() -%}
    {%- for place, slot, position, fields in personalize.wide_places() -%}
        {%- set last_place = loop.last -%}
        {%- for field in fields -%}
            coalesce(max(case when slot = '{{ slot }}' and position = {{ position }} then {{ field }} end), '') as {{ place }}_{{ field }}
            {{- "" if last_place and loop.last else ",\n        " }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
