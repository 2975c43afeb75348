{%- set rows = [] %}
{%- for variant in personalize.block_variants() %}
    {%- do rows.append([
        personalize.text_literal(variant.experiment), personalize.text_literal(variant.variation),
        personalize.text_literal(variant.slot), personalize.text_literal(variant.block),
        personalize.text_literal(variant.original),
        personalize.timestamp_or_null(variant.starts_at), personalize.timestamp_or_null(variant.ends_at),
    ]) %}
{%- endfor -%}
-- grain: one row per experiment, variation and block it shows in another one's place
with

declared as (

    {{ personalize.literal_rows(rows, [
        "experiment_id", "variation_id", "slot", "block_id", "variant_of", "starts_at", "ends_at",
    ]) | indent(4) }}

)

select
    experiment_id,
    variation_id,
    slot,
    block_id,
    variant_of
from declared
where (starts_at is null or cast(starts_at as timestamp) <= {{ personalize.as_of() }})
    and (ends_at is null or cast(ends_at as timestamp) > {{ personalize.as_of() }})
