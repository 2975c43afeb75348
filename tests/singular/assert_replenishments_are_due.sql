-- One row per replenishment that the person's own orders do not bear out: fewer than two days of
-- purchase, counted back from as_of, or the next one expected later than replenish_lead_days from
-- as_of (a day's grace for what counting whole days rounds off).
with

purchase_days as (

    select
        purchases.profile_id,
        purchases.product_id,
        count(
            distinct {{ personalize.days_ago('purchases.ordered_at') }}
        ) as days,
        min(purchases.ordered_at) as first_bought_at,
        max(purchases.ordered_at) as last_bought_at
    from {{ ref("int_personalize__purchases") }} as purchases
    where purchases.quantity > 0
        and purchases.ordered_at > {{ dbt.dateadd(
            "day", -(personalize.setting("interaction_history_days") | int), personalize.as_of()
        ) }}
    group by purchases.profile_id, purchases.product_id

),

expected as (

    select
        profile_id,
        product_id,
        days,
        {{ personalize.days_between("last_bought_at", personalize.as_of()) }} as days_since,
        {{ personalize.days_between("first_bought_at", "last_bought_at") }} as days_spanned
    from purchase_days

)

select
    recommendations.profile_id,
    recommendations.product_id,
    expected.days,
    expected.days_since,
    expected.days_spanned
from {{ ref("personalize__recommendations") }} as recommendations
left join expected
    on recommendations.profile_id = expected.profile_id
    and recommendations.product_id = expected.product_id
where recommendations.strategy = 'replenishment'
    and not coalesce(
        expected.days >= 2
        and (expected.days_since + {{ personalize.setting("replenish_lead_days") }} + 1)
        * (expected.days - 1) >= expected.days_spanned - 1, false
    )
