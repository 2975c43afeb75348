-- Promise 5: everybody is either written to or excluded with a reason, exactly once.
with

placed as (

    select profile_id
    from {{ ref("int_personalize__audience_candidates") }}
    union all
    select profile_id
    from {{ ref("personalize__exclusions") }}

),

places as (

    select
        profile_id,
        count(*) as place_count
    from placed
    group by 1

)

select
    coalesce(profiles.profile_id, places.profile_id) as profile_id,
    profiles.profile_id is not null as is_profile,
    coalesce(places.place_count, 0) as place_count
from {{ ref("personalize__profiles") }} as profiles
full outer join places
    on profiles.profile_id = places.profile_id
where profiles.profile_id is null
    or places.profile_id is null
    or places.place_count > 1
