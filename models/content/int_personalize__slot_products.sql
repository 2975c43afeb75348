{%- set slots = personalize.slots() -%}
-- grain: one row per profile, slot and position that shows a product; a product is shown once
with

candidates as (

    select *
    from {{ ref("int_personalize__slot_candidates") }}
    qualify
        row_number() over (
            partition by profile_id, slot, product_id
            order by step, source_rank, block_id
        ) = 1

)
{%- for slot, spec in slots.items() %}
{%- set earlier_slots = (slots.keys() | list)[:loop.index0] %},

{{ slot }}_products as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.profile_id
            order by candidates.step, candidates.source_rank, candidates.product_id
        ) as place
    from candidates
    where candidates.slot = '{{ slot }}'
        {{ personalize.not_shown_in(earlier_slots) }}
    qualify place <= {{ spec.positions }}

)
{%- endfor %}
{% for slot in slots %}
select
    profile_id,
    slot,
    place as position,
    step,
    block_id,
    product_id,
    reason_code,
    evidence_product_id,
    model_version,
    source_depth
from {{ slot }}_products
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
