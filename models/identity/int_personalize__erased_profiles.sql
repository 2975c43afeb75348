{{
    config(
        materialized="incremental",
        unique_key="profile_id",
        full_refresh=false,
        post_hook="delete from {{ ref('int_personalize__identity_registry').render() }} where identifier_hash in (
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
        max(erased_at) as erased_at,
        max(erased_with) as erased_with
    from {{ ref("int_personalize__refusals") }}
    where readmitted_at is null
    group by person_key

),

registered as (

    select
        registry.profile_id,
        erased_people.person_key,
        erased_people.erased_with,
        erased_people.erased_at
    from erased_people
    inner join {{ ref("int_personalize__refusals") }} as refusals
        on erased_people.person_key = refusals.person_key
    inner join {{ ref("int_personalize__identity_registry") }} as registry
        on refusals.identifier_hash = registry.identifier_hash

),

known_profiles as (

    select
        registered.profile_id,
        coalesce(
            min(case when registered.erased_with is null then registered.person_key end),
            min(registered.erased_with)
        ) as person_key,
        max(registered.erased_at) as erased_at
    from registered
    left join {{ ref("int_personalize__identity_map") }} as living
        on registered.profile_id = living.profile_id
    where living.profile_id is null
    group by registered.profile_id

),

never_seen as (

    select
        'p' || left(erased_people.person_key, 20) as profile_id,
        erased_people.person_key,
        erased_people.erased_at
    from erased_people
    left join registered
        on erased_people.person_key = registered.person_key
    where registered.person_key is null
        and erased_people.erased_with is null

)

select
    profile_id,
    person_key,
    erased_at
from known_profiles
union all
select
    profile_id,
    person_key,
    erased_at
from never_seen
{%- if is_incremental() %}
where person_key not in (
    select recorded.person_key
    from {{ this }} as recorded
)
{%- endif %}
