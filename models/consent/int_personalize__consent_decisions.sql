-- grain: one row per profile, channel, purpose and event that speaks of it
-- An opt-out by address binds all its holders. What takes away holds at once, what gives holds
-- from when we knew of it.
with

events as (

    select
        'consent_events:' || consent_events.event_id as evidence_event_id,
        consent_events.occurred_at,
        coalesce(consent_events.recorded_at, consent_events.occurred_at) as recorded_at,
        consent_events.email,
        consent_events.profile_id,
        coalesce(
            channels.channel,
            case when consent_events.status in ('withdrawn', 'denied', 'expired') then 'all' end,
            consent_events.channel
        ) as channel,
        consent_events.purpose,
        consent_events.status,
        consent_events.lawful_basis,
        consent_events.expires_at
    from {{ ref("int_personalize__resolved_consent_events") }} as consent_events
    left join {{ ref("personalize_channels") }} as channels
        on consent_events.channel = channels.channel_name
    where consent_events.status in ('withdrawn', 'denied', 'expired')
        or coalesce(consent_events.recorded_at, consent_events.occurred_at)
        <= {{ personalize.as_of() }}
    union all
    select
        'consent_events:' || event_id as evidence_event_id,
        occurred_at,
        coalesce(recorded_at, occurred_at) as recorded_at,
        email,
        profile_id,
        'all' as channel,
        'third_party_data' as purpose,
        'denied' as status,
        'gpc' as lawful_basis,
        cast(null as timestamp) as expires_at
    from {{ ref("int_personalize__resolved_consent_events") }}
    where gpc
    union all
    select
        'privacy_requests:' || requests.request_id as evidence_event_id,
        requests.requested_at as occurred_at,
        requests.requested_at as recorded_at,
        requests.email,
        requests.profile_id,
        'all' as channel,
        effects.purpose,
        effects.status,
        requests.request_type as lawful_basis,
        cast(null as timestamp) as expires_at
    from {{ ref("int_personalize__resolved_privacy_requests") }} as requests
    inner join {{ ref("personalize_privacy_request_effects") }} as effects
        on requests.request_type = effects.request_type

),

opt_outs_by_address as (

    select
        events.evidence_event_id,
        events.occurred_at,
        events.recorded_at,
        held.profile_id,
        events.email,
        events.channel,
        events.purpose,
        events.status,
        events.lawful_basis,
        events.expires_at
    from events
    inner join {{ ref("int_personalize__held_addresses") }} as held
        on events.email = held.email
    where events.status in ('denied', 'withdrawn', 'expired', 'objected')

),

bound as (

    select
        evidence_event_id,
        occurred_at,
        recorded_at,
        profile_id,
        email,
        channel,
        purpose,
        status,
        lawful_basis,
        expires_at
    from events
    where profile_id is not null
    union
    select
        evidence_event_id,
        occurred_at,
        recorded_at,
        profile_id,
        email,
        channel,
        purpose,
        status,
        lawful_basis,
        expires_at
    from opt_outs_by_address

),

channels as (

    select distinct channel
    from bound
    where channel <> 'all'
    union
    select 'email' as channel

)

select
    bound.profile_id,
    bound.email,
    channels.channel,
    bound.purpose,
    bound.evidence_event_id,
    bound.occurred_at,
    bound.recorded_at,
    bound.status,
    bound.lawful_basis,
    bound.expires_at,
    case
        when bound.status = 'objected' then 1
        when bound.status = 'withdrawn' then 2
        when bound.status = 'denied' then 3
        when bound.status = 'expired' then 4
        when bound.status <> 'pending' and bound.expires_at <= {{ personalize.as_of() }} then 4
        when bound.status = 'granted' then 5
        when bound.status = 'confirmed' then 6
        else 7
    end as precedence
from bound
inner join channels
    on bound.channel = channels.channel
    or bound.channel = 'all'
