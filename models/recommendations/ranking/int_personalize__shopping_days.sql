-- grain: one row per window, person and day on which the person bought, as known at the cutoff
{%- set history_days = personalize.setting("interaction_history_days") %}
with

shopping_days as (

    select
        requests.window_number,
        requests.profile_id,
        days.days_ago - windows.days_back as age_days,
        count(*) as products
    from {{ ref("int_personalize__recommendation_requests") }} as requests
    inner join {{ ref("int_personalize__recommendation_windows") }} as windows
        on requests.window_number = windows.window_number
    inner join {{ ref("int_personalize__interaction_days") }} as days
        on requests.profile_id = days.profile_id
        and windows.days_back <= days.days_ago
        and days.days_ago < windows.days_back + {{ history_days }}
    where days.interaction = 'purchase'
    group by requests.window_number, requests.profile_id, days.days_ago - windows.days_back

)

select
    window_number,
    profile_id,
    age_days,
    products,
    row_number() over (
        partition by window_number, profile_id
        order by age_days
    ) as trips_ago
from shopping_days
