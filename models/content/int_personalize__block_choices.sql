{%- set rows = [] %}
{%- for id, block in personalize.blocks().items() if block.variant_of is none %}
    {%- for rule in block.when %}
        {%- do rows.append([
            personalize.text_literal(block.slot), personalize.text_literal(rule), personalize.text_literal(id),
        ]) %}
    {%- endfor %}
{%- endfor -%}
-- grain: one row per slot and trigger that has a block of its own there, and per slot its default
{{ personalize.literal_rows(rows, ["slot", "rule_id", "block_id"]) }}
