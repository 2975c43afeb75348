-- grain: one row per recent web event of a person who allows personalization
select
    events.event_id,
    events.profile_id,
    events.product_id,
    events.event_type,
    events.occurred_at
from {{ ref("int_personalize__resolved_web_events") }} as events
inner join {{ ref("int_personalize__permissions") }} as permissions
    on events.profile_id = permissions.profile_id
where permissions.can_personalize
    and not events.is_bot
    and events.occurred_at > {{ personalize.days_before_as_of("decision_history_days") }}
