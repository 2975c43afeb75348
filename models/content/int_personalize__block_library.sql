{%- set columns = ["block_id", "slot", "locale", "is_named"] + personalize.block_texts() %}
{%- set rows = [] %}
{%- for id, block in personalize.blocks().items() %}
    {%- for locale in personalize.locales() %}
        {%- for is_named in [true, false] %}
            {%- set row = [
                personalize.text_literal(id), personalize.text_literal(block.slot), personalize.text_literal(locale),
                is_named | string | lower,
            ] %}
            {%- for key in personalize.block_texts() %}
                {%- do row.append(personalize.text_literal(personalize.prepared_text(block.texts[key][locale], is_named))) %}
            {%- endfor %}
            {%- do rows.append(row) %}
        {%- endfor %}
    {%- endfor %}
{%- endfor -%}
-- grain: one row per block, locale and whether the reader's name is known
{{ personalize.literal_rows(rows, columns) }}
