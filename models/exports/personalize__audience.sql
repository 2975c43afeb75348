-- grain: one row per person who may be mailed
select
    cast(candidates.profile_id as varchar) as profile_id,
    cast(candidates.external_id as varchar) as external_id,
    cast(candidates.email as varchar) as email,
    cast(candidates.payload as varchar) as payload,
    cast(candidates.content_hash as varchar) as content_hash,
    cast(coalesce(audience_state.updated_at, {{ personalize.as_of() }}) as timestamp) as updated_at,
    cast(candidates.valid_until as timestamp) as valid_until
from {{ ref("int_personalize__audience_candidates") }} as candidates
left join {{ ref("int_personalize__audience_state") }} as audience_state
    on candidates.external_id = audience_state.external_id
    and candidates.content_hash = audience_state.content_hash
