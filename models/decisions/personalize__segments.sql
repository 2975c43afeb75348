-- grain: one row per profile and segment it is in today
select
    cast(members.profile_id as varchar) as profile_id,
    cast(members.segment_id as varchar) as segment_id,
    cast(coalesce(spells.entered_at, {{ personalize.as_of() }}) as timestamp) as entered_at
from {{ ref("int_personalize__segment_members") }} as members
left join {{ ref("int_personalize__segment_spells") }} as spells
    on members.profile_id = spells.profile_id
    and members.segment_id = spells.segment_id
    and spells.entered_at <= {{ personalize.as_of() }}
    and (spells.left_at is null or spells.left_at > {{ personalize.as_of() }})
