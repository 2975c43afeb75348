-- grain: one row per profile and trigger that hit it; at most one per profile won
with

last_sends as (

    select
        profile_id,
        campaign_id as rule_id,
        max(occurred_at) as sent_at
    from {{ ref("int_personalize__resolved_email_events") }}
    where event_type = 'send'
        and profile_id is not null
        and campaign_id is not null
    group by 1, 2

),

judged as (

    select
        hits.*,
        case
            when reasons.reason = 'capped' then 'frequency_cap'
            when reasons.reason is not null then reasons.reason
            when not reasons.can_personalize then 'no_personalization'
            when hits.guard is not null then hits.guard
            when {{ personalize.days_since("last_sends.sent_at") }} < hits.cooldown_days
                then 'cooldown'
        end as obstacle
    from {{ ref("int_personalize__trigger_hits") }} as hits
    inner join {{ ref("int_personalize__exclusion_reasons") }} as reasons
        on hits.profile_id = reasons.profile_id
    left join last_sends
        on hits.profile_id = last_sends.profile_id
        and hits.rule_id = last_sends.rule_id

),

winners as (

    select
        profile_id,
        rule_id
    from judged
    where obstacle is null
    qualify
        row_number() over (
            partition by profile_id
            order by priority, triggered_at desc, rule_id
        ) = 1

)

select
    cast(judged.profile_id as varchar) as profile_id,
    cast(judged.rule_id as varchar) as rule_id,
    cast(judged.triggered_at as timestamp) as triggered_at,
    cast(judged.priority as bigint) as priority,
    cast(
        case when judged.rule_id = winners.rule_id then 'won' else 'suppressed' end as varchar
    ) as outcome,
    cast(
        case
            when judged.obstacle is not null then judged.obstacle
            when judged.rule_id <> winners.rule_id then winners.rule_id
        end as varchar
    ) as suppressed_by,
    cast(judged.product_id as varchar) as product_id
from judged
left join winners
    on judged.profile_id = winners.profile_id
