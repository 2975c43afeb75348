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
        and occurred_at <= {{ personalize.as_of() }}

),

ended as (

    select distinct
        reports.profile_id,
        reports.email,
        reports.lawful_basis,
        reports.occurred_at
    from decisions as reports
    inner join decisions as confirmations
        on reports.profile_id = confirmations.profile_id
        and reports.occurred_at < confirmations.occurred_at
        and coalesce(confirmations.email, reports.email) = reports.email
    where reports.status = 'suppressed'
        and confirmations.status = 'confirmed'

)

select
    reports.profile_id,
    reports.email,
    reports.lawful_basis as reason,
    max(reports.occurred_at) as suppressed_at
from decisions as reports
left join ended
    on reports.profile_id = ended.profile_id
    and reports.email = ended.email
    and reports.lawful_basis = ended.lawful_basis
    and reports.occurred_at = ended.occurred_at
where reports.status = 'suppressed'
    and ended.profile_id is null
group by reports.profile_id, reports.email, reports.lawful_basis
