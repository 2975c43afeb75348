-- grain: one row per window, profile and product that the ranker has judged
select
    cast(ranker.window_number as integer) as window_number,
    cast(requests.profile_id as varchar) as profile_id,
    cast(products.product_id as varchar) as product_id,
    cast(ranker.chance as double) as chance
from {{ ref("int_personalize__ranker") }} as ranker
inner join {{ ref("int_personalize__recommendation_requests") }} as requests
    on ranker.window_number = requests.window_number
    and ranker.profile_number = requests.profile_number
inner join {{ ref("int_personalize__numbered_products") }} as products
    on ranker.product_number = products.product_number
