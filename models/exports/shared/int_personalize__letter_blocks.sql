{%- set fields = personalize.block_fields() %}
{%- set in_html = [
    "title", "headline", "body", "button", "reason", "price", "image_alt", "image_url", "url", "url", "url",
] | join(" || ") %}
{%- set block = personalize.json_object_text(personalize.named(fields)) %}
-- grain: one row per person in the audience, slot and position, with what is shown there as text
with

shown as (

    select
        candidates.external_id,
        candidates.profile_id,
        blocks.slot,
        blocks.position,
        blocks.block_id,
        coalesce(blocks.product_id, '') as product_id,
        case
            when blocks.product_id is null then ''
            when blocks.slot = 'hero' and blocks.title = blocks.headline then ''
            else coalesce(blocks.title, '')
        end as title,
        coalesce(blocks.headline, '') as headline,
        coalesce(blocks.body, '') as body,
        coalesce(blocks.call_to_action, '') as button,
        coalesce(blocks.url, '') as url,
        coalesce(blocks.image_url, '') as image_url,
        coalesce(blocks.image_alt, '') as image_alt,
        coalesce(cast(blocks.image_width as varchar), '') as image_width,
        coalesce(cast(blocks.image_height as varchar), '') as image_height,
        coalesce(blocks.price_text, '') as price,
        coalesce(blocks.reason_text, '') as reason
    from {{ ref("personalize__content_blocks") }} as blocks
    inner join {{ ref("int_personalize__audience_candidates") }} as candidates
        on blocks.profile_id = candidates.profile_id

)

select
    external_id,
    profile_id,
    slot,
    position,
    {%- for field in fields %}
    {{ field }},
    {%- endfor %}
    {{ block }} as block,
    {{ personalize.sha256_hex(block) }} as content_hash,
    greatest(
        {%- for field in fields %}
        length({{ field }}){{ "," if not loop.last }}
        {%- endfor %}
    ) as longest_text,
    greatest(
        {%- for field in fields %}
        {{ personalize.byte_length(field) }}{{ "," if not loop.last }}
        {%- endfor %}
    ) as longest_bytes,
    {{ personalize.html_bytes("(" ~ in_html ~ ")") }}
    + case
        when slot in ('hero', 'footer') then 0
        else {{ personalize.mail_markup_bytes("block") }}
    end as mail_bytes
from shown
