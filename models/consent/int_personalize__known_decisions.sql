-- grain: one row per profile, channel, purpose, instant we learnt of something, and decision
-- known by then
with

learnt as (

    select distinct
        profile_id,
        channel,
        purpose,
        known_at as known_from
    from {{ ref("int_personalize__consent_decisions") }}

),

versions as (

    select
        profile_id,
        channel,
        purpose,
        known_from,
        row_number() over (
            partition by profile_id, channel, purpose
            order by known_from
        ) as version_number,
        lead(known_from) over (
            partition by profile_id, channel, purpose
            order by known_from
        ) as known_to
    from learnt

)

select
    versions.profile_id,
    versions.channel,
    versions.purpose,
    versions.version_number,
    versions.known_from,
    versions.known_to,
    decisions.evidence_event_id,
    decisions.email,
    decisions.occurred_at,
    decisions.status,
    decisions.lawful_basis,
    decisions.limited_by,
    decisions.ends_at,
    decisions.precedence
from versions
inner join {{ ref("int_personalize__consent_decisions") }} as decisions
    on versions.profile_id = decisions.profile_id
    and versions.channel = decisions.channel
    and versions.purpose = decisions.purpose
    and versions.known_from >= decisions.known_at
