-- grain: one row per profile with an e-mail event that may be personalised for
-- opens and clicks made by machines do not count
with

events as (

    select
        email_events.profile_id,
        email_events.event_type,
        email_events.occurred_at,
        email_events.is_machine,
        {{ personalize.days_between("email_events.occurred_at", personalize.as_of()) }} as age_days
    from {{ ref("int_personalize__resolved_email_events") }} as email_events
    inner join {{ ref("int_personalize__permissions") }} as permissions
        on email_events.profile_id = permissions.profile_id
    where permissions.can_personalize

),

counts as (

    select
        profile_id,
        count_if(event_type = 'send' and age_days < 7) as sends_7d,
        count_if(event_type = 'send' and age_days < 30) as sends_30d,
        count_if(event_type = 'send' and age_days < 90) as sends_90d,
        count_if(event_type = 'open' and not is_machine and age_days < 90) as opens_90d,
        count_if(event_type = 'click' and not is_machine and age_days < 90) as clicks_90d,
        max(case when event_type = 'open' and not is_machine then occurred_at end)
            as last_opened_at,
        max(case when event_type = 'click' and not is_machine then occurred_at end)
            as last_clicked_at
    from events
    group by profile_id

)

select
    profile_id,
    sends_7d,
    sends_30d,
    sends_90d,
    opens_90d,
    clicks_90d,
    last_opened_at,
    last_clicked_at,
    round(
        least(
            cast(opens_90d + 3 * clicks_90d + 1 as double) / cast(4 * sends_90d + 5 as double), 1.0
        ), 6
    ) as engagement_score
from counts
