-- grain: one row per profile with a purchase that may be personalised for
with

orders as (

    select
        purchases.profile_id,
        purchases.order_id,
        purchases.ordered_at,
        sum(purchases.net_amount) as amount,
        max(case when not purchases.is_return then 1 else 0 end) as has_purchase
    from {{ ref("int_personalize__purchases") }} as purchases
    inner join {{ ref("int_personalize__permissions") }} as permissions
        on purchases.profile_id = permissions.profile_id
    where permissions.can_personalize
    group by purchases.profile_id, purchases.order_id, purchases.ordered_at

),

totals as (

    select
        profile_id,
        cast(sum(has_purchase) as bigint) as order_count,
        sum(amount) as monetary_value
    from orders
    group by profile_id
    having sum(has_purchase) > 0

),

last_purchases as (

    select
        profile_id,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at
    from orders
    where has_purchase = 1
    group by profile_id

)

select
    totals.profile_id,
    last_purchases.first_ordered_at,
    last_purchases.last_ordered_at,
    totals.order_count,
    cast(totals.monetary_value as decimal(18, 2)) as monetary_value,
    cast(
        cast(cast(totals.monetary_value as decimal(18, 2)) as double) / totals.order_count
        as decimal(18, 2)
    ) as average_order_value,
    round({{ personalize.days_between("last_purchases.last_ordered_at", personalize.as_of()) }}, 6)
        as recency_days,
    ntile(5) over (order by last_purchases.last_ordered_at, totals.profile_id) as recency_score,
    ntile(5) over (
        order by totals.order_count, last_purchases.last_ordered_at, totals.profile_id
    ) as frequency_score,
    ntile(5) over (
        order by totals.monetary_value, last_purchases.last_ordered_at, totals.profile_id
    ) as monetary_score
from totals
inner join last_purchases
    on totals.profile_id = last_purchases.profile_id
