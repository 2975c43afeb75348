-- grain: one row per window, profile and product that only a due replenishment may bring back
{%- set days = personalize.setting("exclude_bought_within_days") | int %}
with

blocked as (

    select
        requests.window_number,
        requests.profile_id,
        purchases.product_id,
        'bought_recently' as reason
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
        'disliked' as reason
    from {{ ref("int_personalize__interactions") }}
    where weight <= 0

)

select
    window_number,
    profile_id,
    product_id,
    min(reason) as reason
from blocked
group by window_number, profile_id, product_id
