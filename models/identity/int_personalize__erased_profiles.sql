{{
    config(
        materialized="incremental",
        unique_key="profile_id",
        full_refresh=false,
        post_hook="delete from {{ ref('int_personalize__identity_registry') }} where identifier_hash in (
            select identifier_hash from {{ ref('int_personalize__refusals') }} where readmitted_at is null
        )",
    )
}}

-- grain: one row per profile that was erased, ever
-- a person never seen before its erasure gets an id of its own
with

erased_people as (

    select
        person_key,
        max(erased_at) as erased_at
    from {{ ref("int_personalize__refusals") }}
    where readmitted_at is null
    group by person_key

),

known_profiles as (

    select
        registry.profile_id,
        min(refusals.person_key) as person_key
    from {{ ref("int_personalize__refusals") }} as refusals
    inner join {{ ref("int_personalize__identity_registry") }} as registry
        on refusals.identifier_hash = registry.identifier_hash
    left join {{ ref("int_personalize__identity_map") }} as living
        on registry.profile_id = living.profile_id
    where refusals.readmitted_at is null
        and living.profile_id is null
    group by registry.profile_id

)

select
    coalesce(known_profiles.profile_id, 'p' || left(erased_people.person_key, 20)) as profile_id,
    erased_people.person_key,
    erased_people.erased_at
from erased_people
left join known_profiles
    on erased_people.person_key = known_profiles.person_key
{%- if is_incremental() %}
left join (
    select
        person_key,
        max(erased_at) as erased_at
    from {{ this }}
    group by person_key
) as recorded
    on erased_people.person_key = recorded.person_key
where recorded.person_key is null
    or (known_profiles.profile_id is not null and erased_people.erased_at > recorded.erased_at)
{%- endif %}
