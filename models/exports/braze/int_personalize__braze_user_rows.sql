{{ config(enabled=personalize.has_esp("braze")) }}

{%- set attributes = personalize.braze_user_attributes() %}
{%- set texts = [
    "email", "first_name", "language", "country", "rule_id", "subject", "preheader", "hero_block_id",
    "hero_headline", "hero_title", "hero_body", "hero_button", "hero_reason", "hero_item_id",
    "showcase_headline", "showcase_body", "showcase_button", "footer", "experiment_id", "variant_id",
] %}
-- grain: one row per person in the audience, as Braze would read it
-- with what its limits are measured by
with

payloads as (

    select
        external_id,
        {{ personalize.json_object_text(attributes) }} as payload,
        greatest(
            {%- for name in texts %}
            coalesce(length({{ name }}), 0){{ "," if not loop.last }}
            {%- endfor %}
        ) as longest_value
    from {{ ref("int_personalize__braze_user_values") }}

),

longest_items as (

    select
        candidates.external_id,
        max(greatest(coalesce(length(blocks.reason_text), 0), length(blocks.block_id)))
            as longest_item
    from {{ ref("personalize__content_blocks") }} as blocks
    inner join {{ ref("int_personalize__audience_candidates") }} as candidates
        on blocks.profile_id = candidates.profile_id
    group by candidates.external_id

)

select
    payloads.external_id,
    payloads.payload,
    {{ personalize.sha256_hex("payloads.payload") }} as content_hash,
    {{ personalize.byte_length("payloads.payload") }} as payload_bytes,
    greatest(payloads.longest_value, coalesce(longest_items.longest_item, 0)) as string_characters,
    {{ attributes | length }} as attributes
from payloads
left join longest_items
    on payloads.external_id = longest_items.external_id
