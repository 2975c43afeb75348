-- grain: one row per window and person who may be known, as known at the cutoff
{%- set history_days = personalize.setting("interaction_history_days") | int %}
with

people as (

    select
        window_number,
        profile_id,
        cutoff_at
    from {{ ref("int_personalize__recommendation_requests") }}
    where can_personalize

),

histories as (

    select
        window_number,
        profile_id,
        count(*) as products,
        cast({{ personalize.exact_sum("weight") }} as double) as weight,
        sum(purchase_count) as purchases,
        count_if(purchase_count >= 2) as repeated,
        min(last_bought_days_ago) as days
    from {{ ref("int_personalize__interactions") }}
    group by window_number, profile_id

),

paid as (

    select
        people.window_number,
        people.profile_id,
        cast(sum(purchases.net_amount) as double)
        / cast({{ personalize.exact_sum("purchases.quantity") }} as double) as price
    from people
    inner join {{ ref("int_personalize__purchases") }} as purchases
        on people.profile_id = purchases.profile_id
        and people.cutoff_at >= purchases.ordered_at
        and purchases.ordered_at > {{ dbt.dateadd("day", -history_days, "people.cutoff_at") }}
    where purchases.quantity > 0
    group by people.window_number, people.profile_id

),

trips as (

    select
        window_number,
        profile_id,
        count(*) as trips,
        (max(age_days) - min(age_days)) / cast(nullif(count(*) - 1, 0) as double) as trip_days,
        sum(products) / cast(count(*) as double) as trip_products
    from {{ ref("int_personalize__shopping_days") }}
    group by window_number, profile_id

),

mails as (

    select
        people.window_number,
        people.profile_id,
        count_if(events.event_type = 'send') as sends,
        count_if(events.event_type = 'open') as opens,
        count_if(events.event_type = 'click') as clicks
    from people
    inner join {{ ref("int_personalize__resolved_email_events") }} as events
        on people.profile_id = events.profile_id
        and people.cutoff_at >= events.occurred_at
        and events.occurred_at > {{ dbt.dateadd("day", -90, "people.cutoff_at") }}
    where not events.is_machine
    group by people.window_number, people.profile_id

)

select
    people.window_number,
    people.profile_id,
    histories.products,
    histories.weight,
    histories.purchases,
    histories.repeated,
    histories.days,
    trips.trips,
    round(trips.trip_days, 6) as trip_days,
    round(trips.trip_products, 6) as trip_products,
    round(paid.price, 4) as price,
    mails.sends,
    mails.opens,
    mails.clicks
from people
left join histories
    on people.window_number = histories.window_number
    and people.profile_id = histories.profile_id
left join trips
    on people.window_number = trips.window_number
    and people.profile_id = trips.profile_id
left join paid
    on people.window_number = paid.window_number
    and people.profile_id = paid.profile_id
left join mails
    on people.window_number = mails.window_number
    and people.profile_id = mails.profile_id
