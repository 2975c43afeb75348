{%- set asked = personalize.asked_journey_events() -%}
-- grain: one row per event that a journey asks about, of a person who allows personalization
-- depends_on: {{ ref("int_personalize__permitted_visits") }}
with

orders as (

    select
        profile_id,
        case when max(case when is_return then 0 else 1 end) = 1 then 'order' else 'return' end
            as event,
        order_id as event_id,
        min(ordered_at) as occurred_at,
        cast(sum(net_amount) as decimal(18, 2)) as amount
    from {{ ref("int_personalize__purchases") }}
    group by profile_id, order_id

),

letters as (

    select
        profile_id,
        event_type as event,
        event_id,
        occurred_at
    from {{ ref("int_personalize__resolved_email_events") }}
    where event_type in ('send', 'open', 'click', 'unsubscribe')
        and not is_machine

),

subscriptions as (

    select
        consents.profile_id,
        case
            when consents.status in ('granted', 'confirmed') then 'subscribe'
            else 'unsubscribe'
        end as event,
        consents.event_id,
        consents.occurred_at
    from {{ ref("int_personalize__resolved_consent_events") }} as consents
    left join {{ ref("personalize_channels") }} as channels
        on consents.channel = channels.channel_name
    where consents.purpose = 'marketing'
        and consents.status in ('granted', 'confirmed', 'denied', 'withdrawn')
        and (
            channels.channel = 'email'
            or channels.channel is null and consents.status in ('denied', 'withdrawn')
        )

),

events as (

    select
        profile_id,
        event,
        event_id,
        occurred_at,
        amount
    from orders
    {%- for name in ["letters", "subscriptions"] %}
    union all
    select
        profile_id,
        event,
        event_id,
        occurred_at,
        cast(null as decimal(18, 2)) as amount
    from {{ name }}
    {%- endfor %}
    {%- for event, type in {"visit": none, "cart": "add_to_cart"}.items() if event in asked %}
    union all
    select
        profile_id,
        '{{ event }}' as event,
        event_id,
        occurred_at,
        cast(null as decimal(18, 2)) as amount
    from {{ ref("int_personalize__permitted_visits") }}
    where {{ "event_type = '" ~ type ~ "'" if type else "true" }}
    {%- endfor %}

)

select
    events.profile_id,
    events.event,
    events.event_id,
    events.occurred_at,
    events.amount
from events
inner join {{ ref("int_personalize__permissions") }} as permissions
    on events.profile_id = permissions.profile_id
where permissions.can_personalize
    and events.event in (
        {%- for event in asked %}
        '{{ event }}'{{ "," if not loop.last }}
        {%- endfor %}
    )
