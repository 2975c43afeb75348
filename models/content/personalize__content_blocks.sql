-- grain: one row per mailable profile, slot and position
with

limited as (

    select
        cast(profile_id as varchar) as profile_id,
        cast(slot as varchar) as slot,
        cast(position as bigint) as position,
        cast(block_id as varchar) as block_id,
        cast(product_id as varchar) as product_id,
        cast(
            {{ personalize.shortened("coalesce(product_title, headline)", 200) }} as varchar
        ) as title,
        cast(
            case when subject <> '' then {{ personalize.shortened("subject", 150) }} end as varchar
        ) as subject,
        cast({{ personalize.shortened("headline", 200) }} as varchar) as headline,
        cast({{ personalize.shortened("body", 250) }} as varchar) as body,
        cast({{ personalize.shortened("call_to_action", 100) }} as varchar) as call_to_action,
        cast(url as varchar) as url,
        cast(image_url as varchar) as image_url,
        cast(
            case
                when image_url is not null then {{ personalize.shortened("product_title", 200) }}
            end as varchar
        ) as image_alt,
        {%- for side in ["image_width", "image_height"] %}
        cast(
            case
                when image_url is not null then {{ personalize.slot_pixels("slot", side) }}
            end as bigint
        ) as {{ side }},
        {%- endfor %}
        cast(price as decimal(18, 2)) as price,
        cast(currency as varchar) as currency,
        cast(nullif(price_text, '') as varchar) as price_text,
        cast(reason_code as varchar) as reason_code,
        cast({{ personalize.shortened("reason_text", 200) }} as varchar) as reason_text,
        cast(locale as varchar) as locale,
        cast(rule_id as varchar) as rule_id,
        cast(model_version as varchar) as model_version,
        cast(experiment_id as varchar) as experiment_id,
        cast(variation_id as varchar) as variant_id,
        cast(fallback_depth as bigint) as fallback_depth
    from {{ ref("int_personalize__rendered_blocks") }}

)

select
    *,
    {{ personalize.as_of() }} as valid_from,
    {{ personalize.valid_until("rule_id") }} as valid_until,
    {{ personalize.sha256_hex(personalize.shown_content()) }} as content_hash
from limited
