-- grain: one row per person in the audience, with the values of the Braze attributes
with

blocks as (

    select
        profile_id,
        max(rule_id) as rule_id,
        max(experiment_id) as experiment_id,
        max(variant_id) as variant_id,
        max(case when slot = 'hero' then block_id end) as hero_block_id,
        max(case when slot = 'hero' then title end) as hero_title,
        max(case when slot = 'hero' then reason_text end) as hero_reason,
        max(case when slot = 'hero' then {{ personalize.braze_item_id("product_id") }} end)
            as hero_item_id
    from {{ ref("personalize__content_blocks") }}
    group by profile_id

),

showcases as (

    select
        profile_id,
        {{ personalize.json_array_text(personalize.braze_item_id("product_id"), "position") }}
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
    candidates.external_id,
    candidates.profile_id,
    candidates.email,
    profiles.first_name,
    profiles.language,
    profiles.country,
    blocks.rule_id,
    blocks.hero_block_id,
    blocks.hero_title,
    blocks.hero_reason,
    blocks.hero_item_id,
    coalesce(showcases.item_ids, '[]') as item_ids,
    coalesce(showcases.reasons, '[]') as reasons,
    coalesce(all_blocks.block_ids, '[]') as block_ids,
    blocks.experiment_id,
    blocks.variant_id
from {{ ref("int_personalize__audience_candidates") }} as candidates
inner join {{ ref("personalize__profiles") }} as profiles
    on candidates.profile_id = profiles.profile_id
left join blocks
    on candidates.profile_id = blocks.profile_id
left join showcases
    on candidates.profile_id = showcases.profile_id
left join all_blocks
    on candidates.profile_id = all_blocks.profile_id
