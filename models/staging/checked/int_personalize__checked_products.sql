-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("products") }}

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
    is_current,
    row_status,
    reject_reason,
    row_json
from checked
