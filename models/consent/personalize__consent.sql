-- grain: one row per profile, channel and purpose that any evidence speaks of, at as_of
with

last_confirmations as (

    select
        profile_id,
        channel,
        purpose,
        max(occurred_at) as confirmed_at
    from {{ ref("int_personalize__consent_decisions") }}
    where status = 'confirmed'
    group by profile_id, channel, purpose

),

standing as (

    select
        decisions.*,
        decisions.status = 'objected'
        and coalesce(last_confirmations.confirmed_at <= decisions.occurred_at, true)
            as is_standing_objection
    from {{ ref("int_personalize__consent_decisions") }} as decisions
    left join last_confirmations
        on decisions.profile_id = last_confirmations.profile_id
        and decisions.channel = last_confirmations.channel
        and decisions.purpose = last_confirmations.purpose

),

deciding as (

    select *
    from standing
    qualify row_number() over (
            partition by profile_id, channel, purpose
            order by
                case when is_standing_objection then 0 when status = 'pending' then 2 else 1 end,
                occurred_at desc,
                precedence,
                evidence_event_id
        ) = 1

),

judged as (

    select
        *,
        status in ('granted', 'confirmed')
        and coalesce(expires_at <= {{ personalize.as_of() }}, false) as has_expired
    from deciding

)

select
    cast(profile_id as varchar) as profile_id,
    cast(channel as varchar) as channel,
    cast(purpose as varchar) as purpose,
    cast(status in ('granted', 'confirmed') and not has_expired as boolean) as is_allowed,
    cast(case when has_expired then 'expired' else status end as varchar) as status,
    cast(lawful_basis as varchar) as lawful_basis,
    cast(occurred_at as timestamp) as decided_at,
    cast(evidence_event_id as varchar) as evidence_event_id,
    cast(case when has_expired then expires_at else occurred_at end as timestamp) as valid_from,
    cast(case when not has_expired then expires_at end as timestamp) as valid_to,
    cast(recorded_at as timestamp) as known_from,
    cast(null as timestamp) as known_to
from judged
