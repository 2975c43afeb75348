-- grain: one row per version of a product (product_id, updated_at), usable and not later than as_of
select
    product_id,
    title,
    description,
    brand,
    category,
    subcategory,
    price,
    currency,
    url,
    image_url,
    is_available,
    created_at,
    updated_at,
    record_id,
    is_current
from {{ ref("int_personalize__checked_products") }}
where row_status = 'kept'
