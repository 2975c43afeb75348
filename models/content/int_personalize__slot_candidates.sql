-- grain: one row per profile, slot, step of the fallback chain and product that the step could show
select
    offers.profile_id,
    offers.slot,
    offers.step,
    offers.block_id,
    offers.source_rank,
    offers.product_id,
    offers.reason_code,
    offers.evidence_product_id,
    offers.model_version,
    offers.source_depth
from {{ ref("int_personalize__slot_offers") }} as offers
inner join {{ ref("int_personalize__current_products") }} as products
    on offers.product_id = products.product_id
left join {{ ref("int_personalize__slot_rule_hits") }} as hits
    on offers.profile_id = hits.profile_id
    and offers.slot = hits.slot
    and offers.product_id = hits.product_id
where products.is_recommendable
    and hits.product_id is null
qualify row_number() over (
        partition by offers.profile_id, offers.slot, offers.step, offers.product_id
        order by offers.source_rank
    ) = 1
