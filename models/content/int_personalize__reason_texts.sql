{%- set rows = [] %}
{%- for code, texts in personalize.reasons().items() %}
    {%- for locale in personalize.locales() %}
        {%- do rows.append([
            personalize.text_literal(code), personalize.text_literal(locale),
            personalize.text_literal(personalize.prepared_text(texts.known[locale], true)),
            personalize.text_literal(personalize.prepared_text(texts.unknown[locale], true)),
        ]) %}
    {%- endfor %}
{%- endfor -%}
-- grain: one row per reason code and locale
{{ personalize.literal_rows(rows, ["reason_code", "locale", "text_with_evidence", "text_without_evidence"]) }}
