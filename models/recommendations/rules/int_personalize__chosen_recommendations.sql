-- grain: one row per list and product that no rule removed; those with a place are in the list
select
    ruled.window_number,
    ruled.profile_id,
    ruled.product_id,
    ruled.strategy,
    ruled.strategy_position,
    ruled.chance,
    ruled.confidence,
    ruled.reason_code,
    ruled.evidence_product_id,
    ruled.model_rank,
    ruled.ruled_rank,
    choices.place
from {{ ref("int_personalize__ruled_recommendations") }} as ruled
inner join {{ ref("int_personalize__recommendation_profiles") }} as profiles
    on ruled.profile_id = profiles.profile_id
inner join {{ ref("int_personalize__numbered_products") }} as products
    on ruled.product_id = products.product_id
left join {{ ref("int_personalize__varied_choices") }} as choices
    on ruled.window_number = choices.window_number
    and profiles.profile_number = choices.profile_number
    and products.product_number = choices.product_number
where ruled.removed_by is null
