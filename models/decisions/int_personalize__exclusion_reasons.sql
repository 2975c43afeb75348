{%- set cap = personalize.setting("email_frequency_cap_per_week") -%}
{%- set cap_per_day = personalize.checked_cap(
    "email_frequency_cap_per_day", "value", personalize.setting("email_frequency_cap_per_day")
) -%}
-- grain: one row per profile; the first reason not to mail it, null where there is none
with

held_out as (

    select distinct profile_id
    from {{ ref("personalize__experiment_assignments") }}
    where holdout

),

sends_today as (

    select
        email,
        count(*) as sends_1d
    from {{ ref("stg_personalize__email_events") }}
    where event_type = 'send'
        and occurred_at > {{ dateadd("hour", -24, personalize.as_of()) }}
    group by 1

)

select
    permissions.profile_id,
    permissions.email,
    permissions.can_personalize,
    case
        when permissions.is_erased then 'erased'
        when permissions.is_restricted then 'restricted'
        when permissions.is_suppressed then 'suppressed'
        when not permissions.can_market then 'no_consent'
        when permissions.email is null then 'no_email'
        when permissions.is_shared_mailbox then 'shared_mailbox'
        when held_out.profile_id is not null then 'held_out'
        when permissions.sends_7d >= {{ cap }} then 'capped'
        when sends_today.sends_1d >= {{ personalize.number_or_null(cap_per_day) }} then 'capped'
    end as reason
from {{ ref("int_personalize__permissions") }} as permissions
left join held_out
    on permissions.profile_id = held_out.profile_id
left join sends_today
    on permissions.email = sends_today.email
