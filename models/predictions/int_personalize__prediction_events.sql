-- grain: one row per event that a prediction may learn from, of people who allow personalization
with

permitted as (

    select
        profile_id,
        {{ personalize.unit_hash("'prediction|' || profile_id") }} * count(*) over ()
        < {{ personalize.setting("prediction_max_training_profiles") }} as is_sampled
    from {{ ref("int_personalize__permissions") }}
    where can_personalize

),

orders as (

    select
        profile_id,
        order_id,
        min(ordered_at) as occurred_at,
        sum(net_amount) as amount
    from {{ ref("int_personalize__purchases") }}
    where not is_return
    group by profile_id, order_id

),

spaced_orders as (

    select
        profile_id,
        occurred_at,
        amount,
        lag(occurred_at) over (
            partition by profile_id order by occurred_at, order_id
        ) as previous_at
    from orders

),

first_of_category as (

    select
        purchases.profile_id,
        min(purchases.ordered_at) as occurred_at
    from {{ ref("int_personalize__purchases") }} as purchases
    inner join {{ ref("int_personalize__current_products") }} as products
        on purchases.product_id = products.product_id
    where not purchases.is_return and products.category is not null
    group by purchases.profile_id, products.category

),

events as (

    select
        profile_id,
        'order' as kind,
        occurred_at,
        amount,
        {{ personalize.days_between("previous_at", "occurred_at") }} as days_since_previous
    from spaced_orders
    union all
    select
        profile_id,
        'new_category' as kind,
        occurred_at,
        null as amount,
        null as days_since_previous
    from first_of_category
    union all
    select
        profile_id,
        case
            when event_type in ('product_view', 'add_to_cart') then event_type
            else 'other_visit'
        end as kind,
        occurred_at,
        null as amount,
        null as days_since_previous
    from {{ ref("int_personalize__resolved_web_events") }}
    where not is_bot
    union all
    select
        profile_id,
        'email_' || event_type as kind,
        occurred_at,
        null as amount,
        null as days_since_previous
    from {{ ref("int_personalize__resolved_email_events") }}
    where event_type in ('open', 'click') and not is_machine

)

select
    events.profile_id,
    events.kind,
    events.occurred_at,
    cast(events.amount as decimal(18, 4)) as amount,
    cast(events.days_since_previous as double) as days_since_previous,
    permitted.is_sampled
from events
inner join permitted
    on events.profile_id = permitted.profile_id
