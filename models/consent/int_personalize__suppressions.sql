-- grain: one row per profile, address it holds and reason for which that address is suppressed
with

decisions as (

    select
        profile_id,
        email,
        occurred_at,
        status,
        lawful_basis
    from {{ ref("int_personalize__consent_decisions") }}
    where channel = 'email'
        and purpose = 'marketing'

),

standing as (

    select
        reports.profile_id,
        reports.email,
        reports.lawful_basis as reason,
        reports.occurred_at
    from decisions as reports
    left join decisions as confirmations
        on reports.profile_id = confirmations.profile_id
        and confirmations.status = 'confirmed'
        and reports.occurred_at < confirmations.occurred_at
        and coalesce(confirmations.email, reports.email) = reports.email
    where reports.status = 'suppressed'
    group by 1, 2, 3, 4
    having count(confirmations.profile_id) = 0

)

select
    profile_id,
    email,
    reason,
    max(occurred_at) as suppressed_at
from standing
group by 1, 2, 3
