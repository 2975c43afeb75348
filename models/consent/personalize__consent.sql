-- grain: one row per profile, channel, purpose, period in which one decision holds, and period
-- in which we knew it so
with

versions as (

    select distinct
        profile_id,
        channel,
        purpose,
        version_number,
        known_from,
        known_to
    from {{ ref("int_personalize__known_decisions") }}

),

numbered as (

    select
        periods.*,
        versions.known_from,
        versions.known_to,
        periods.version_number - row_number() over (
            partition by
                periods.profile_id, periods.channel, periods.purpose, periods.valid_from,
                periods.valid_to, periods.status, periods.evidence_event_id
            order by periods.version_number
        ) as unbroken
    from {{ ref("int_personalize__consent_periods") }} as periods
    inner join versions
        on periods.profile_id = versions.profile_id
        and periods.channel = versions.channel
        and periods.purpose = versions.purpose
        and periods.version_number = versions.version_number

)

select
    cast(profile_id as varchar) as profile_id,
    cast(channel as varchar) as channel,
    cast(purpose as varchar) as purpose,
    cast(status in ('granted', 'confirmed') as boolean) as is_allowed,
    cast(status as varchar) as status,
    cast(max(lawful_basis) as varchar) as lawful_basis,
    cast(max(limited_by) as varchar) as limited_by,
    cast(max(decided_at) as timestamp) as decided_at,
    cast(evidence_event_id as varchar) as evidence_event_id,
    cast(valid_from as timestamp) as valid_from,
    cast(valid_to as timestamp) as valid_to,
    cast(min(known_from) as timestamp) as known_from,
    cast(
        case when count(*) = count(known_to) then max(known_to) end as timestamp
    ) as known_to
from numbered
group by
    profile_id, channel, purpose, status, evidence_event_id, valid_from, valid_to, unbroken
