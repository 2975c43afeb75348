-- grain: one row per window, profile and product that was in enough e-mails lately
select
    requests.window_number,
    requests.profile_id,
    events.product_id,
    rules.rule_id
from {{ ref("int_personalize__recommendation_rules") }} as rules
inner join {{ ref("int_personalize__resolved_email_events") }} as events
    on rules.kind = 'show_at_most'
    and events.event_type in ('send', 'delivered')
    and events.product_id is not null
inner join {{ ref("int_personalize__recommendation_requests") }} as requests
    on events.profile_id = requests.profile_id
    and events.occurred_at <= requests.cutoff_at
    and {{ personalize.days_between("events.occurred_at", "requests.cutoff_at") }}
    < rules.within_days
left join {{ ref("int_personalize__rule_products") }} as products
    on rules.rule_id = products.rule_id
    and events.product_id = products.product_id
where rules.is_for_every_product or products.product_id is not null
group by
    requests.window_number, requests.profile_id, events.product_id, rules.rule_id, rules.rule_order,
    rules.at_most
having count(distinct coalesce(events.message_id, events.event_id)) >= rules.at_most
qualify row_number() over (
        partition by requests.window_number, requests.profile_id, events.product_id
        order by rules.rule_order
    ) = 1
