-- grain: one row per address and event of the mail platform for which nothing more may be sent
with

mail as (

    select
        email,
        event_id,
        event_type,
        occurred_at
    from {{ ref("stg_personalize__email_events") }}
    where event_type <> 'send'

),

counted as (

    select
        email,
        event_id,
        event_type,
        occurred_at,
        sum(case when event_type in ('delivered', 'open', 'click') then 1 else 0 end) over (
            partition by email
            order by occurred_at, case when event_type = 'soft_bounce' then 0 else 1 end, event_id
            rows between unbounded preceding and current row
        ) as successes
    from mail

),

repeated_soft_bounces as (

    select
        email,
        event_id,
        occurred_at
    from counted
    where event_type = 'soft_bounce'
    qualify row_number() over (
            partition by email, successes
            order by occurred_at, event_id
        ) = {{ personalize.setting("soft_bounces_to_suppress") }}

)

select
    email,
    event_type as reason,
    occurred_at as suppressed_at,
    'email_events:' || event_id as evidence_event_id
from mail
where event_type in ('hard_bounce', 'complaint', 'unsubscribe')
union all
select
    email,
    'soft_bounces' as reason,
    occurred_at as suppressed_at,
    'email_events:' || event_id as evidence_event_id
from repeated_soft_bounces
