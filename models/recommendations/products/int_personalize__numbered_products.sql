-- grain: one row per product of the catalogue
select
    product_id,
    cast(row_number() over (order by product_id) - 1 as bigint) as product_number,
    lower(title) as title_key,
    count(*) over (partition by lower(title)) > 1 as is_title_shared,
    is_recommendable,
    created_at,
    coalesce(
        {{ personalize.is_listed("product_id", "excluded_products") }}
        or {{ personalize.is_listed("category", "excluded_categories") }}, false
    ) as is_excluded
from {{ ref("int_personalize__current_products") }}
