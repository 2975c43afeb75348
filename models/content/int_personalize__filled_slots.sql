-- grain: one row per mailable profile, slot and position
with

positions as (

    {{ personalize.slot_position_rows() | indent(4) }}

),

last_steps as (

    select
        entry_block_id,
        can_personalize,
        block_id,
        step
    from {{ ref("int_personalize__block_ladders") }}
    where product_source = 'none'

)

select
    entries.profile_id,
    entries.slot,
    positions.position,
    entries.rule_id,
    entries.experiment_id,
    entries.variation_id,
    coalesce(products.block_id, last_steps.block_id) as block_id,
    products.product_id,
    products.reason_code,
    products.evidence_product_id,
    products.model_version,
    coalesce(products.step + products.source_depth, last_steps.step) as fallback_depth
from {{ ref("int_personalize__slot_entries") }} as entries
inner join positions
    on entries.slot = positions.slot
left join {{ ref("int_personalize__slot_products") }} as products
    on entries.profile_id = products.profile_id
    and entries.slot = products.slot
    and positions.position = products.position
inner join last_steps
    on entries.entry_block_id = last_steps.entry_block_id
    and entries.can_personalize = last_steps.can_personalize
