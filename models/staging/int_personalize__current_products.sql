{{ config(materialized="table") }}

-- grain: one row per product, in the newest version up to as_of
with

current_versions as (

    select *
    from {{ ref("stg_personalize__products") }}
    where is_current

)

select
    product_id,
    title,
    description,
    brand,
    category,
    subcategory,
    cast(price as decimal(18, 2)) as price,
    coalesce(currency, '{{ personalize.setting("default_currency") }}') as currency,
    url,
    image_url,
    coalesce(is_available, true) as is_available,
    created_at,
    {{ personalize.product_exclusion() | indent(4) }} as excluded_by,
    excluded_by is null as is_recommendable
from current_versions
