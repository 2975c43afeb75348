-- grain: one row per profile that may be mailed
select
    reasons.profile_id,
    reasons.email,
    reasons.can_personalize,
    {{ personalize.supported_locale("profiles.language") }} as locale,
    case
        when reasons.can_personalize then {{ personalize.usable_name("profiles.first_name") }}
    end as first_name
from {{ ref("int_personalize__exclusion_reasons") }} as reasons
inner join {{ ref("personalize__profiles") }} as profiles
    on reasons.profile_id = profiles.profile_id
where reasons.reason is null
