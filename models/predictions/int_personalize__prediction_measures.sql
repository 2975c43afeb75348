-- grain: one row per cutoff and person with an order or a visit before it (past cutoffs: sampled)
with

before_cutoff as (

    select
        cutoffs.window_number,
        cutoffs.cutoff_at,
        events.profile_id,
        events.kind,
        events.kind in ('product_view', 'add_to_cart', 'other_visit') as is_visit,
        events.amount,
        events.days_since_previous,
        {{ personalize.days_between("events.occurred_at", "cutoffs.cutoff_at") }} as days_ago
    from {{ ref("int_personalize__prediction_cutoffs") }} as cutoffs
    inner join {{ ref("int_personalize__prediction_events") }} as events
        on cutoffs.cutoff_at > events.occurred_at
    where cutoffs.window_number = 0 or events.is_sampled

)

select
    window_number,
    cutoff_at,
    profile_id,
    min(case when kind = 'order' then days_ago end) as days_since_order,
    min(case when is_visit then days_ago end) as days_since_visit,
    max(days_ago) as days_known,
    count_if(kind = 'order') as orders,
    count_if(kind = 'order' and days_ago <= 28) as orders_28d,
    count_if(kind = 'order' and days_ago <= 90) as orders_90d,
    coalesce(sum(amount), 0) as amount,
    avg(days_since_previous) as mean_interval,
    stddev_pop(days_since_previous) as interval_deviation,
    count_if(kind = 'new_category') as categories,
    count_if(is_visit) as visits,
    count_if(kind = 'product_view' and days_ago <= 7) as views_7d,
    count_if(kind = 'product_view' and days_ago <= 28) as views_28d,
    count_if(kind = 'add_to_cart' and days_ago <= 7) as carts_7d,
    count_if(kind = 'add_to_cart' and days_ago <= 28) as carts_28d,
    count_if(kind = 'email_open' and days_ago <= 28) as email_opens_28d,
    count_if(kind = 'email_click' and days_ago <= 28) as email_clicks_28d
from before_cutoff
group by window_number, cutoff_at, profile_id
having count_if(kind = 'order' or is_visit) > 0
