-- grain: one row per mailable profile and slot: the block it starts from
with

slots as (

    select distinct slot
    from {{ ref("int_personalize__block_choices") }}

),

winners as (

    select
        profile_id,
        rule_id,
        product_id
    from {{ ref("personalize__triggers") }}
    where outcome = 'won'

),

readers as (

    select
        mailable.profile_id,
        mailable.can_personalize,
        winners.rule_id,
        winners.product_id as trigger_product_id
    from {{ ref("int_personalize__mailable_profiles") }} as mailable
    left join winners
        on mailable.profile_id = winners.profile_id
        and mailable.can_personalize

),

audiences as (

    select
        profile_id,
        slot,
        rule_id,
        block_id
    from {{ ref("int_personalize__block_audiences") }}
    qualify
        row_number() over (partition by profile_id, slot, rule_id order by place, block_id) = 1

),

chosen as (

    select
        readers.profile_id,
        slots.slot,
        readers.can_personalize,
        readers.rule_id,
        readers.trigger_product_id,
        coalesce(
            rule_audience.block_id, of_rule.block_id, default_audience.block_id, of_default.block_id
        ) as block_id
    from readers
    cross join slots
    left join {{ ref("int_personalize__block_choices") }} as of_rule
        on slots.slot = of_rule.slot
        and readers.rule_id = of_rule.rule_id
    left join audiences as rule_audience
        on readers.profile_id = rule_audience.profile_id
        and slots.slot = rule_audience.slot
        and readers.rule_id = rule_audience.rule_id
    left join audiences as default_audience
        on readers.profile_id = default_audience.profile_id
        and slots.slot = default_audience.slot
        and default_audience.rule_id = 'default'
    inner join {{ ref("int_personalize__block_choices") }} as of_default
        on slots.slot = of_default.slot
        and of_default.rule_id = 'default'

),

varied_blocks as (

    select distinct
        variants.experiment_id,
        variants.variant_of,
        assignments.profile_id,
        assignments.variation_id
    from {{ ref("int_personalize__block_variants") }} as variants
    inner join {{ ref("personalize__experiment_assignments") }} as assignments
        on variants.experiment_id = assignments.experiment_id

)

select
    chosen.profile_id,
    chosen.slot,
    chosen.can_personalize,
    chosen.rule_id,
    chosen.trigger_product_id,
    varied_blocks.experiment_id,
    varied_blocks.variation_id,
    coalesce(variants.block_id, chosen.block_id) as entry_block_id
from chosen
left join varied_blocks
    on chosen.profile_id = varied_blocks.profile_id
    and chosen.block_id = varied_blocks.variant_of
left join {{ ref("int_personalize__block_variants") }} as variants
    on varied_blocks.experiment_id = variants.experiment_id
    and varied_blocks.variation_id = variants.variation_id
    and chosen.block_id = variants.variant_of
