-- grain: one row per profile and rule of which it got an e-mail
with

sends as (

    select
        profile_id,
        campaign_id as rule_id,
        occurred_at
    from {{ ref("int_personalize__resolved_email_events") }}
    where event_type = 'send'
        and profile_id is not null
        and campaign_id is not null

)

select
    sends.profile_id,
    sends.rule_id,
    groups.group_id,
    max(sends.occurred_at) as sent_at,
    count_if(sends.occurred_at > {{ dateadd("hour", -24, personalize.as_of()) }}) as sends_1d,
    count_if(sends.occurred_at > {{ dateadd("hour", -168, personalize.as_of()) }}) as sends_7d
from sends
left join {{ ref("int_personalize__rule_groups") }} as groups
    on sends.rule_id = groups.rule_id
group by 1, 2, 3
