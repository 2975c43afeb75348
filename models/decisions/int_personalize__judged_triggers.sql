-- grain: one row per profile and rule that hit it, with the first obstacle to it
with

group_sends as (

    select
        hits.profile_id,
        hits.rule_id,
        max(case when sends.rule_id <> hits.rule_id then sends.sent_at end) as other_sent_at,
        sum(sends.sends_1d) as sends_1d,
        sum(sends.sends_7d) as sends_7d
    from {{ ref("int_personalize__trigger_hits") }} as hits
    inner join {{ ref("int_personalize__rule_groups") }} as groups
        on hits.rule_id = groups.rule_id
    inner join {{ ref("int_personalize__rule_sends") }} as sends
        on hits.profile_id = sends.profile_id
        and groups.group_id = sends.group_id
    group by 1, 2

)

select
    hits.profile_id,
    hits.rule_id,
    hits.priority,
    hits.triggered_at,
    hits.product_id,
    case
        when reasons.reason = 'capped' then 'frequency_cap'
        when reasons.reason is not null then reasons.reason
        when not reasons.can_personalize then 'no_personalization'
        when hits.guard is not null then hits.guard
        when {{ personalize.days_since("last_sends.sent_at") }} < hits.cooldown_days then 'cooldown'
        when {{ personalize.days_since("group_sends.other_sent_at") }} < groups.exclusive_days
            then 'group:' || groups.group_id
        when group_sends.sends_1d >= groups.cap_per_day then 'cap:' || groups.group_id
        when group_sends.sends_7d >= groups.cap_per_week then 'cap:' || groups.group_id
    end as obstacle
from {{ ref("int_personalize__trigger_hits") }} as hits
inner join {{ ref("int_personalize__exclusion_reasons") }} as reasons
    on hits.profile_id = reasons.profile_id
left join {{ ref("int_personalize__rule_groups") }} as groups
    on hits.rule_id = groups.rule_id
left join {{ ref("int_personalize__rule_sends") }} as last_sends
    on hits.profile_id = last_sends.profile_id
    and hits.rule_id = last_sends.rule_id
left join group_sends
    on hits.profile_id = group_sends.profile_id
    and hits.rule_id = group_sends.rule_id
