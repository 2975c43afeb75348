{{ config(enabled=personalize.has_esp("braze")) }}

-- grain: one row per person in the audience, with the values of the Braze attributes
with

blocks as (

    select
        profile_id,
        max(case when slot = 'hero' then {{ personalize.catalog_id("product_id") }} end)
            as hero_item_id
    from {{ ref("personalize__content_blocks") }}
    group by profile_id

),

showcases as (

    select
        profile_id,
        {{ personalize.json_array_text(personalize.catalog_id("product_id"), "position") }}
            as item_ids,
        {{ personalize.json_array_text("reason_text", "position") }} as reasons
    from {{ ref("personalize__content_blocks") }}
    where slot = 'showcase'
        and product_id is not null
    group by profile_id

),

all_blocks as (

    select
        profile_id,
        {{ personalize.json_array_text("block_id", "slot, position") }} as block_ids
    from {{ ref("personalize__content_blocks") }}
    group by profile_id

)

select
    letter_columns.external_id,
    letter_columns.profile_id,
    letter_columns.email,
    profiles.first_name,
    profiles.language,
    profiles.country,
    letter_columns.timezone,
    letter_columns.rule_id,
    letter_columns.locale,
    letter_columns.valid_until,
    letter_columns.subject,
    letter_columns.preheader,
    letter_columns.hero_block_id,
    letter_columns.hero_headline,
    letter_columns.hero_title,
    letter_columns.hero_body,
    letter_columns.hero_button,
    letter_columns.hero_reason,
    blocks.hero_item_id,
    letter_columns.showcase_headline,
    letter_columns.showcase_body,
    letter_columns.showcase_1_button as showcase_button,
    letter_columns.footer_body as footer,
    coalesce(showcases.item_ids, '[]') as item_ids,
    coalesce(showcases.reasons, '[]') as reasons,
    coalesce(all_blocks.block_ids, '[]') as block_ids,
    letters.experiment_id,
    letters.variant_id
from {{ ref("int_personalize__letter_columns") }} as letter_columns
inner join {{ ref("int_personalize__letters") }} as letters
    on letter_columns.profile_id = letters.profile_id
inner join {{ ref("personalize__profiles") }} as profiles
    on letter_columns.profile_id = profiles.profile_id
left join blocks
    on letter_columns.profile_id = blocks.profile_id
left join showcases
    on letter_columns.profile_id = showcases.profile_id
left join all_blocks
    on letter_columns.profile_id = all_blocks.profile_id
