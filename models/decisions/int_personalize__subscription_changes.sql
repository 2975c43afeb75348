-- grain: one row per profile that agreed to more than a day after it first agreed to anything
with

decisions as (

    select
        profile_id,
        event_id,
        coalesce(channel, '') || '|' || purpose as subject,
        occurred_at,
        case when status in ('granted', 'confirmed') then 1 else 0 end as is_given
    from {{ ref("int_personalize__resolved_consent_events") }}
    where profile_id is not null
        and status in ('granted', 'confirmed', 'denied', 'withdrawn')

),

changes as (

    select
        profile_id,
        occurred_at,
        is_given,
        coalesce(
            lag(is_given) over (
                partition by profile_id, subject
                order by occurred_at, is_given desc, event_id
            ), 0
        ) as was_given,
        min(case when is_given = 1 then occurred_at end) over (partition by profile_id)
            as first_given_at
    from decisions

)

select
    profile_id,
    max(occurred_at) as subscription_changed_at
from changes
where is_given = 1
    and was_given = 0
    and occurred_at > {{ dateadd("day", 1, "first_given_at") }}
group by 1
