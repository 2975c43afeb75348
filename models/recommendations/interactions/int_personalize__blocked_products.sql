-- grain: one row per window, profile and product that is not offered to the person
{%- set days = personalize.setting("exclude_bought_within_days") | int %}
with

blocked as (

    select
        requests.window_number,
        requests.profile_id,
        purchases.product_id,
        'bought_recently' as reason,
        2 as strength
    from {{ ref("int_personalize__recommendation_requests") }} as requests
    inner join {{ ref("int_personalize__purchases") }} as purchases
        on requests.profile_id = purchases.profile_id
        and requests.cutoff_at >= purchases.ordered_at
        and purchases.ordered_at >= {{ dbt.dateadd("day", -days, "requests.cutoff_at") }}
    where purchases.quantity > 0
    union all
    select
        window_number,
        profile_id,
        product_id,
        'disliked' as reason,
        1 as strength
    from {{ ref("int_personalize__interactions") }}
    where weight <= 0
    union all
    select
        window_number,
        profile_id,
        product_id,
        rule_id as reason,
        3 as strength
    from {{ ref("int_personalize__shown_enough") }}

)

select
    window_number,
    profile_id,
    product_id,
    reason,
    strength < 3 as may_be_due
from blocked
qualify row_number() over (
        partition by window_number, profile_id, product_id
        order by strength desc, reason
    ) = 1
