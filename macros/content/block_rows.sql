{#- The declarations of the content as rows of SQL literals, for the models of the same names. -#}


{% macro block_library_rows() %}
    {% set rows, tokens = [], personalize.tokens() %}
    {% for id, block in personalize.blocks().items() %}
        {% for locale in personalize.locales() %}
            {% for is_named in [true, false] %}
                {% set row = [
                    personalize.text_literal(id), personalize.text_literal(block.slot),
                    personalize.text_literal(locale), is_named | string | lower, personalize.text_or_null(block.purpose),
                ] %}
                {% for key in personalize.block_texts() %}
                    {% set text = personalize.prepared_text(block.texts[key][locale], is_named, tokens) %}
                    {% do row.append(personalize.text_literal(text)) %}
                {% endfor %}
                {% do rows.append(row) %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% set columns = ["block_id", "slot", "locale", "is_named", "purpose"] + personalize.block_texts() %}
    {% do return(personalize.literal_rows(rows, columns)) %}
{% endmacro %}


{#- A chain ends with the first block that needs no product; blocks the reader does not permit are left out. -#}
{% macro block_ladder_rows() %}
    {% set blocks = personalize.blocks() %}
    {% set rows = [] %}
    {% for id in blocks %}
        {% for can_personalize in [true, false] %}
            {% set ended = namespace(is_true=false) %}
            {% for step in personalize.block_ladder(blocks, id) if not ended.is_true %}
                {% if can_personalize or not blocks[step].needs_personalization %}
                    {% do rows.append([
                        personalize.text_literal(id), can_personalize | string | lower, loop.index0,
                        personalize.text_literal(step), personalize.text_literal(blocks[step].product),
                        personalize.text_or_null(blocks[step].strategy),
                        personalize.text_or_null(blocks[step].reason),
                    ]) %}
                    {% set ended.is_true = blocks[step].product == "none" %}
                {% endif %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, [
        "entry_block_id", "can_personalize", "step", "block_id", "product_source", "strategy", "reason_code",
    ])) %}
{% endmacro %}


{% macro block_choice_rows() %}
    {% set rows = [] %}
    {% for id, block in personalize.blocks().items() if block.variant_of is none and block.audience is none %}
        {% for rule in block.when %}
            {% do rows.append([
                personalize.text_literal(block.slot), personalize.text_literal(rule), personalize.text_literal(id),
            ]) %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["slot", "rule_id", "block_id"])) %}
{% endmacro %}


{#- Who is in the audience of which block; the first of a slot and rule that somebody is in stands in for the one without. -#}
{% macro block_audience_rows() %}
    {% set queries = [] %}
    {% for id, block in personalize.blocks().items() if block.variant_of is none and block.audience is not none %}
        {% set place = loop.index %}
        {% for rule in block.when %}
            {% do queries.append(
                "select profile_id, " ~ personalize.text_literal(block.slot) ~ " as slot, " ~ personalize.text_literal(rule)
                ~ " as rule_id, " ~ personalize.text_literal(id) ~ " as block_id, " ~ place ~ " as place\nfrom "
                ~ ref("personalize", "int_personalize__decision_facts") ~ "\nwhere " ~ block.audience
            ) %}
        {% endfor %}
    {% endfor %}
    {% do return(queries | join("\nunion all\n") or personalize.no_block_audience()) %}
{% endmacro %}


{% macro no_block_audience() -%}
select
    profile_id,
    cast(null as varchar) as slot,
    cast(null as varchar) as rule_id,
    cast(null as varchar) as block_id,
    0 as place
from {{ ref("personalize", "int_personalize__decision_facts") }}
where false
{%- endmacro %}


{% macro block_variant_rows() %}
    {% set rows = [] %}
    {% for variant in personalize.block_variants() %}
        {% do rows.append([
            personalize.text_literal(variant.experiment), personalize.text_literal(variant.variation),
            personalize.text_literal(variant.slot), personalize.text_literal(variant.block),
            personalize.text_literal(variant.original),
            personalize.text_or_null(variant.starts_at), personalize.text_or_null(variant.ends_at),
        ]) %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, [
        "experiment_id", "variation_id", "slot", "block_id", "variant_of", "starts_at", "ends_at",
    ])) %}
{% endmacro %}


{% macro reason_text_rows() %}
    {% set rows, tokens = [], personalize.tokens() %}
    {% for code, texts in personalize.reasons().items() %}
        {% for locale in personalize.locales() %}
            {% do rows.append([
                personalize.text_literal(code), personalize.text_literal(locale),
                personalize.text_literal(personalize.prepared_text(texts.known[locale], true, tokens)),
                personalize.text_literal(personalize.prepared_text(texts.unknown[locale], true, tokens)),
            ]) %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, [
        "reason_code", "locale", "text_with_evidence", "text_without_evidence",
    ])) %}
{% endmacro %}


{#- One row per slot and position. -#}
{% macro slot_position_rows() %}
    {% set rows = [] %}
    {% for slot, spec in personalize.slots().items() %}
        {% for position in range(1, spec.positions + 1) %}
            {% do rows.append([personalize.text_literal(slot), position]) %}
        {% endfor %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["slot", "position"])) %}
{% endmacro %}


{#- Rows of SQL literals as a query; without a row, an empty one of text. -#}
{% macro literal_rows(rows, columns) -%}
    {%- if rows -%}
    select {{ columns | join(", ") }}
    from (
        values
        {%- for row in rows %}
        ({{ row | join(", ") }}){{ "," if not loop.last }}
        {%- endfor %}
    ) as declared ({{ columns | join(", ") }})
    {%- else -%}
    select
        {%- for column in columns %}
        cast(null as varchar) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    where false
    {%- endif -%}
{%- endmacro %}


{% macro text_or_null(value) %}
    {% do return("cast(null as varchar)" if value is none else personalize.text_literal(value)) %}
{% endmacro %}
