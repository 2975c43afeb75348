-- grain: one row per e-mail event, with the profile it belongs to and whether a machine made it
with

resolved as (

    {{ personalize.resolved_input("email_events") }}

),

deliveries as (

    select
        email,
        message_id,
        min(occurred_at) as delivered_at
    from resolved
    where event_type in ('send', 'delivered')
        and message_id is not null
    group by 1, 2

),

clicks_per_second as (

    select
        email,
        message_id,
        date_trunc('second', occurred_at) as clicked_in,
        count(distinct coalesce(url, event_id)) as links
    from resolved
    where event_type = 'click'
        and message_id is not null
    group by 1, 2, 3

)

select
    resolved.event_id,
    resolved.occurred_at,
    resolved.event_type,
    resolved.email,
    resolved.campaign_id,
    resolved.message_id,
    resolved.experiment_id,
    resolved.variant_id,
    resolved.product_id,
    resolved.slot,
    resolved.url,
    resolved.user_agent,
    resolved.record_id,
    resolved.profile_id,
    resolved.match_rule,
    resolved.match_probability,
    resolved.event_type in ('open', 'click') and (
        coalesce({{ personalize.is_robot("resolved.user_agent") }}, false)
        or coalesce(
            {{ personalize.is_mail_proxy("resolved.user_agent") }}
            and resolved.event_type = 'open', false
        )
        or coalesce(
            datediff('second', deliveries.delivered_at, resolved.occurred_at)
            < {{ personalize.setting("machine_open_seconds") }}, false
        )
        or coalesce(
            clicks_per_second.links >= {{ personalize.setting("scanner_links_per_second") }}, false
        )
    ) as is_machine
from resolved
left join deliveries
    on resolved.email = deliveries.email
    and resolved.message_id = deliveries.message_id
left join clicks_per_second
    on resolved.event_type = 'click'
    and resolved.email = clicks_per_second.email
    and resolved.message_id = clicks_per_second.message_id
    and date_trunc('second', resolved.occurred_at) = clicks_per_second.clicked_in
