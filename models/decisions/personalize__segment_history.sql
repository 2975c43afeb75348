-- grain: one row per profile, segment and stay in it
select
    cast(profile_id as varchar) as profile_id,
    cast(segment_id as varchar) as segment_id,
    cast(entered_at as timestamp) as entered_at,
    cast(left_at as timestamp) as left_at
from {{ ref("int_personalize__segment_spells") }}
where entered_at <= {{ personalize.as_of() }}
