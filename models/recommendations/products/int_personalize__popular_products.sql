-- grain: one row per recommendable product
select
    product_id,
    popularity,
    popularity_rank
from {{ ref("int_personalize__product_popularity") }}
where window_number = 0
