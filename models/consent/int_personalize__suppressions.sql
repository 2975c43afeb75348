-- grain: one row per profile, address it holds and reason for which that address is suppressed
with

reports as (

    select
        email,
        event_type as reason,
        max(occurred_at) as suppressed_at
    from {{ ref("stg_personalize__email_events") }}
    where event_type in ('hard_bounce', 'complaint', 'unsubscribe')
    group by email, event_type

),

held_reports as (

    select
        held.profile_id,
        held.email,
        reports.reason,
        reports.suppressed_at
    from reports
    inner join {{ ref("int_personalize__held_addresses") }} as held
        on reports.email = held.email

),

confirmed_again as (

    select distinct
        held_reports.profile_id,
        held_reports.email,
        held_reports.reason
    from held_reports
    inner join {{ ref("int_personalize__consent_decisions") }} as decisions
        on held_reports.profile_id = decisions.profile_id
        and coalesce(decisions.email, held_reports.email) = held_reports.email
        and held_reports.suppressed_at < decisions.occurred_at
    where decisions.status = 'confirmed'
        and decisions.channel = 'email'
        and decisions.purpose = 'marketing'

)

select
    held_reports.profile_id,
    held_reports.email,
    held_reports.reason,
    held_reports.suppressed_at
from held_reports
left join confirmed_again
    on held_reports.profile_id = confirmed_again.profile_id
    and held_reports.email = confirmed_again.email
    and held_reports.reason = confirmed_again.reason
where confirmed_again.profile_id is null
