-- grain: one row per window and profile that wants a list: today everybody, before that a sample
select
    windows.window_number,
    profiles.profile_id,
    profiles.profile_number,
    profiles.can_personalize,
    windows.cutoff_at
from {{ ref("int_personalize__recommendation_profiles") }} as profiles
inner join {{ ref("int_personalize__recommendation_windows") }} as windows
    on (windows.window_number = 0 and profiles.is_served)
    or (windows.window_number > 0 and profiles.is_sampled)
