-- Promise 3: a complaint or an unsubscribe at any address a person holds, and a hard bounce at
-- the address that would be written to, stop the mail until a later confirmation. Judged from the
-- staged inputs alone.
with

reports as (

    select
        email,
        event_type = 'hard_bounce' as is_bounce,
        max(occurred_at) as reported_at
    from {{ ref("stg_personalize__email_events") }}
    where event_type in ('hard_bounce', 'complaint', 'unsubscribe')
    group by 1, 2

),

held as (

    select
        identity_map.profile_id,
        customers.email
    from {{ ref("stg_personalize__customers") }} as customers
    inner join {{ ref("int_personalize__identity_map") }} as identity_map
        on identity_map.identifier_type = 'account'
        and identity_map.identifier = {{ personalize.account_of("customers") }}
    union
    select
        profile_id,
        identifier as email
    from {{ ref("int_personalize__identity_map") }}
    where identifier_type = 'email'

),

confirmations as (

    select
        coalesce(by_account.profile_id, by_email.profile_id) as profile_id,
        max(events.occurred_at) as confirmed_at
    from {{ ref("stg_personalize__consent_events") }} as events
    left join {{ ref("int_personalize__identity_map") }} as by_account
        on by_account.identifier_type = 'account'
        and by_account.identifier = {{ personalize.account_of("events") }}
    left join {{ ref("int_personalize__identity_map") }} as by_email
        on by_email.identifier_type = 'email'
        and events.email = by_email.identifier
    where events.status = 'confirmed'
        and events.purpose = 'marketing'
    group by 1

)

select
    permissions.profile_id,
    held.email,
    reports.is_bounce,
    reports.reported_at,
    confirmations.confirmed_at
from {{ ref("int_personalize__permissions") }} as permissions
inner join held
    on permissions.profile_id = held.profile_id
inner join reports
    on held.email = reports.email
    and (not reports.is_bounce or permissions.email = reports.email)
left join confirmations
    on permissions.profile_id = confirmations.profile_id
where not permissions.is_suppressed
    and coalesce(confirmations.confirmed_at <= reports.reported_at, true)
