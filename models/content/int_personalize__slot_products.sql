{%- set slots = personalize.slots() -%}
-- grain: one row per profile, slot and position that shows a product; a product is shown once
with

candidates as (

    select *
    from {{ ref("int_personalize__slot_candidates") }}
    qualify row_number() over (
        partition by profile_id, slot, product_id
        order by step, source_rank, block_id
    ) = 1

)
{%- for slot, spec in slots.items() %}
{%- set earlier = (slots.keys() | list)[:loop.index0] %},

{{ slot }}_products as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.profile_id
            order by candidates.step, candidates.source_rank, candidates.product_id
        ) as position
    from candidates
    {%- for other in earlier %}
    left join {{ other }}_products
        on candidates.profile_id = {{ other }}_products.profile_id
        and candidates.product_id = {{ other }}_products.product_id
    {%- endfor %}
    where candidates.slot = {{ personalize.text_literal(slot) }}
        {%- for other in earlier %}
        and {{ other }}_products.profile_id is null
        {%- endfor %}
    qualify row_number() over (
        partition by candidates.profile_id
        order by candidates.step, candidates.source_rank, candidates.product_id
    ) <= {{ spec.positions }}

)
{%- endfor %}
{% for slot in slots %}
select
    profile_id,
    slot,
    position,
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
