-- Promise 3: one row per recommendation to somebody who may not be written to, per personal one to
-- somebody whose history may not be used, and per such person who is learnt from all the same.
select
    recommendations.profile_id,
    recommendations.strategy as used_by
from {{ ref("personalize__recommendations") }} as recommendations
left join {{ ref("int_personalize__permissions") }} as permissions
    on recommendations.profile_id = permissions.profile_id
where not coalesce(permissions.can_market and not permissions.is_erased, false)
    or (
        (
            recommendations.strategy not in ('trending', 'new_arrivals', 'popular')
            or recommendations.evidence_product_id is not null
        )
        and not coalesce(permissions.can_personalize, false)
    )
union all
select distinct
    interactions.profile_id,
    'training' as used_by
from {{ ref("int_personalize__interactions") }} as interactions
left join {{ ref("int_personalize__permissions") }} as permissions
    on interactions.profile_id = permissions.profile_id
where not coalesce(permissions.can_personalize and not permissions.is_erased, false)
