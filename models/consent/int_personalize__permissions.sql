-- grain: one row per profile, erased stubs included
with

profiles as (

    select
        profile_id,
        min(first_seen_at) as first_seen_at,
        false as is_erased
    from {{ ref("int_personalize__identity_map") }}
    group by profile_id
    union all
    select
        erased.profile_id,
        cast(null as timestamp) as first_seen_at,
        true as is_erased
    from {{ ref("int_personalize__erased_profiles") }} as erased
    where not exists (
            select 1
            from {{ ref("int_personalize__identity_map") }} as living
            where living.profile_id = erased.profile_id
        )

),

allowed_purposes as (

    select
        profile_id,
        max(case when purpose = 'marketing' and is_allowed then 1 else 0 end) as can_market,
        max(case when purpose = 'personalization' and is_allowed then 1 else 0 end)
            as can_personalize,
        max(case when purpose = 'third_party_data' and is_allowed then 1 else 0 end)
            as can_use_third_party
    from {{ ref("personalize__consent") }}
    where channel = 'email'
        and known_to is null
        and valid_from <= {{ personalize.as_of() }}
        and coalesce(valid_to > {{ personalize.as_of() }}, true)
    group by profile_id

),

restricted as (

    select profile_id
    from {{ ref("int_personalize__resolved_privacy_requests") }}
    where request_type = 'restriction'
    union
    select held.profile_id
    from {{ ref("int_personalize__resolved_privacy_requests") }} as requests
    inner join {{ ref("int_personalize__held_addresses") }} as held
        on requests.email = held.email
    where requests.request_type = 'restriction'

),

suppressed as (

    select profile_id
    from {{ ref("int_personalize__suppressions") }}
    union
    select held.profile_id
    from {{ ref("int_personalize__held_addresses") }} as held
    inner join {{ ref("int_personalize__blocked_by_rejection") }} as blocked
        on held.email = blocked.email
    union
    select identity_map.profile_id
    from {{ ref("int_personalize__identity_map") }} as identity_map
    inner join {{ ref("int_personalize__blocked_by_rejection") }} as blocked
        on identity_map.identifier_type = 'account'
        and identity_map.identifier = blocked.account

),

judged as (

    select
        profiles.profile_id,
        addresses.email,
        profiles.first_seen_at,
        profiles.is_erased,
        restricted.profile_id is not null as is_restricted,
        suppressed.profile_id is not null as is_suppressed,
        coalesce(allowed_purposes.can_market = 1, false)
        and restricted.profile_id is null as can_market,
        coalesce(allowed_purposes.can_personalize = 1, false)
        and restricted.profile_id is null as can_personalize,
        coalesce(allowed_purposes.can_use_third_party = 1, false) and restricted.profile_id is null
            as can_use_third_party,
        email_owners.profile_id is not null as owns_address
    from profiles
    left join {{ ref("int_personalize__addresses") }} as addresses
        on profiles.profile_id = addresses.profile_id
    left join allowed_purposes
        on profiles.profile_id = allowed_purposes.profile_id
    left join restricted
        on profiles.profile_id = restricted.profile_id
    left join suppressed
        on profiles.profile_id = suppressed.profile_id
    left join {{ ref("int_personalize__identity_map") }} as email_owners
        on email_owners.identifier_type = 'email'
        and addresses.email = email_owners.identifier
        and profiles.profile_id = email_owners.profile_id

),

sends as (

    select
        email,
        count(*) as sends_7d
    from {{ ref("stg_personalize__email_events") }}
    where event_type = 'send'
        and occurred_at > {{ dbt.dateadd("hour", -168, personalize.as_of()) }}
    group by email

)

select
    judged.profile_id,
    judged.email,
    judged.can_market,
    judged.can_personalize,
    judged.can_use_third_party,
    judged.is_erased,
    judged.is_restricted,
    judged.is_suppressed,
    judged.email is not null and judged.can_market and not judged.is_suppressed
    and row_number() over (
        partition by judged.email, judged.can_market and not judged.is_suppressed
        order by
            case when judged.owns_address then 0 else 1 end,
            judged.first_seen_at nulls last,
            judged.profile_id
    ) > 1 as is_shared_mailbox,
    coalesce(sends.sends_7d, 0) as sends_7d
from judged
left join sends
    on judged.email = sends.email
