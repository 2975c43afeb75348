-- Promise 3: nobody without the permission to personalize is in a training set, has a score
-- or a vector.
with

used as (

    select
        'training set' as used_in,
        profile_id
    from {{ ref("int_personalize__prediction_training_set") }}
    union
    select
        'predictions' as used_in,
        profile_id
    from {{ ref("personalize__predictions") }}
    union
    select
        'vectors' as used_in,
        profile_id
    from {{ ref("personalize__profile_vectors") }}

)

select
    used.used_in,
    used.profile_id
from used
left join {{ ref("int_personalize__permissions") }} as permissions
    on used.profile_id = permissions.profile_id
where not coalesce(permissions.can_personalize, false)
