-- Promise 3: nobody may be written to, or personalised for, whose latest evidence is an opt-out,
-- or who gave none. Judged from the staged inputs alone, another way than models/consent does it:
-- a permission needs a live grant that was known at as_of and newer than every opt-out, a
-- confirmation newer than every objection, and no restriction.
with

consent_events as (

    select
        events.email,
        coalesce(by_account.profile_id, by_email.profile_id) as profile_id,
        events.purpose,
        events.status,
        events.occurred_at,
        events.expires_at,
        events.recorded_at,
        channels.channel
    from {{ ref("stg_personalize__consent_events") }} as events
    left join {{ ref("personalize_channels") }} as channels
        on events.channel = channels.channel_name
    left join {{ ref("int_personalize__identity_map") }} as by_account
        on by_account.identifier_type = 'account'
        and by_account.identifier = {{ personalize.account_of("events") }}
    left join {{ ref("int_personalize__identity_map") }} as by_email
        on by_email.identifier_type = 'email'
        and events.email = by_email.identifier

),

privacy_requests as (

    select
        requests.email,
        coalesce(by_account.profile_id, by_email.profile_id) as profile_id,
        requests.request_type,
        requests.requested_at
    from {{ ref("stg_personalize__privacy_requests") }} as requests
    left join {{ ref("int_personalize__identity_map") }} as by_account
        on by_account.identifier_type = 'account'
        and by_account.identifier = {{ personalize.account_of("requests") }}
    left join {{ ref("int_personalize__identity_map") }} as by_email
        on by_email.identifier_type = 'email'
        and requests.email = by_email.identifier
    where requests.request_type in ('objection', 'restriction')

),

addresses as (

    select
        identity_map.profile_id,
        customers.email
    from {{ ref("stg_personalize__customers") }} as customers
    inner join {{ ref("int_personalize__identity_map") }} as identity_map
        on identity_map.identifier_type = 'account'
        and identity_map.identifier = {{ personalize.account_of("customers") }}
    where customers.email is not null
    union
    select
        profile_id,
        identifier as email
    from {{ ref("int_personalize__identity_map") }}
    where identifier_type = 'email'

),

opt_outs as (

    select
        profile_id,
        purpose,
        occurred_at
    from consent_events
    where status in ('withdrawn', 'denied', 'expired')
        and coalesce(channel, 'all') in ('email', 'all')
    union all
    select
        addresses.profile_id,
        consent_events.purpose,
        consent_events.occurred_at
    from consent_events
    inner join addresses
        on consent_events.email = addresses.email
    where consent_events.status in ('withdrawn', 'denied', 'expired')
        and coalesce(consent_events.channel, 'all') in ('email', 'all')

),

last_opt_outs as (

    select
        profile_id,
        purpose,
        max(occurred_at) as occurred_at
    from opt_outs
    group by profile_id, purpose

),

bound_requests as (

    select
        profile_id,
        request_type,
        requested_at
    from privacy_requests
    union all
    select
        addresses.profile_id,
        privacy_requests.request_type,
        privacy_requests.requested_at
    from privacy_requests
    inner join addresses
        on privacy_requests.email = addresses.email

),

last_requests as (

    select
        profile_id,
        max(case when request_type = 'objection' then requested_at end) as objected_at,
        max(requested_at) as requested_at,
        count_if(request_type = 'restriction') as restrictions
    from bound_requests
    group by profile_id

),

grants as (

    select
        profile_id,
        purpose,
        status,
        occurred_at,
        expires_at
    from consent_events
    where status in ('granted', 'confirmed')
        and channel in ('email', 'all')
        and coalesce(recorded_at, occurred_at) <= {{ personalize.as_of() }}

),

newest_grants as (

    select
        profile_id,
        purpose,
        max(occurred_at) as occurred_at
    from grants
    group by profile_id, purpose

),

last_grants as (

    select
        grants.profile_id,
        grants.purpose,
        grants.occurred_at,
        min(grants.expires_at) as expires_at
    from grants
    inner join newest_grants as newest
        on grants.profile_id = newest.profile_id
        and grants.purpose = newest.purpose
        and grants.occurred_at = newest.occurred_at
    group by grants.profile_id, grants.purpose, grants.occurred_at

),

confirmations as (

    select
        profile_id,
        purpose,
        max(occurred_at) as confirmed_at
    from grants
    where status = 'confirmed'
    group by profile_id, purpose

),

allowed as (

    select
        profile_id,
        'marketing' as purpose
    from {{ ref("int_personalize__permissions") }}
    where can_market
    union all
    select
        profile_id,
        'personalization' as purpose
    from {{ ref("int_personalize__permissions") }}
    where can_personalize

)

select
    allowed.profile_id,
    allowed.purpose,
    last_grants.occurred_at as granted_at,
    last_grants.expires_at,
    last_opt_outs.occurred_at as opted_out_at,
    last_requests.objected_at,
    last_requests.restrictions
from allowed
left join last_grants
    on allowed.profile_id = last_grants.profile_id
    and allowed.purpose = last_grants.purpose
left join last_opt_outs
    on allowed.profile_id = last_opt_outs.profile_id
    and allowed.purpose = last_opt_outs.purpose
left join confirmations
    on allowed.profile_id = confirmations.profile_id
    and allowed.purpose = confirmations.purpose
left join last_requests
    on allowed.profile_id = last_requests.profile_id
where last_grants.profile_id is null
    or last_grants.expires_at <= {{ personalize.as_of() }}
    or last_opt_outs.occurred_at >= last_grants.occurred_at
    or last_requests.restrictions > 0
    or (
        last_requests.objected_at is not null
        and coalesce(confirmations.confirmed_at <= last_requests.objected_at, true)
    )
