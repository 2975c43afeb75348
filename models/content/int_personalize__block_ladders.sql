{%- set blocks = personalize.blocks() %}
{%- set rows = [] %}
{%- for id in blocks %}
    {%- for can_personalize in [true, false] %}
        {%- set ended = namespace(is_true=false) %}
        {%- for step_id in personalize.block_ladder(blocks, id) if not ended.is_true %}
            {%- set block = blocks[step_id] %}
            {%- if can_personalize or not block.needs_personalization %}
                {%- do rows.append([
                    personalize.text_literal(id), can_personalize | string | lower, loop.index0,
                    personalize.text_literal(step_id), personalize.text_literal(block.product),
                    personalize.text_or_null(block.reason),
                ]) %}
                {%- set ended.is_true = block.product == "none" %}
            {%- endif %}
        {%- endfor %}
    {%- endfor %}
{%- endfor -%}
-- grain: one row per block, kind of reader and step of its fallback chain, up to the first step that needs no product
{{ personalize.literal_rows(rows, [
    "entry_block_id", "can_personalize", "step", "block_id", "product_source", "reason_code",
]) }}
