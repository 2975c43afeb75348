-- grain: one row per past window, profile of the sample and recommendable product bought then
select distinct
    requests.window_number,
    requests.profile_id,
    purchases.product_id
from {{ ref("int_personalize__recommendation_requests") }} as requests
inner join {{ ref("int_personalize__recommendation_windows") }} as windows
    on requests.window_number = windows.window_number
inner join {{ ref("int_personalize__purchases") }} as purchases
    on requests.profile_id = purchases.profile_id
    and windows.cutoff_at < purchases.ordered_at
    and windows.outcome_until >= purchases.ordered_at
inner join {{ ref("int_personalize__numbered_products") }} as products
    on purchases.product_id = products.product_id
where requests.window_number > 0
    and purchases.quantity > 0
    and products.is_recommendable
