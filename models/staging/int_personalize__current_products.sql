{{ config(materialized="table") }}

-- grain: one row per product, in the newest version up to as_of
with

current_versions as (

    select
        products.*,
        margins.margin
    from {{ ref("stg_personalize__products") }} as products
    left join {{ ref("int_personalize__product_margins") }} as margins
        on products.product_id = margins.product_id
    where products.is_current

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
    {{ personalize.absolute_link("url") | indent(4) }} as url,
    {{ personalize.absolute_link("image_url") | indent(4) }} as image_url,
    coalesce(is_available, true) as is_available,
    created_at,
    margin,
    {{ personalize.product_exclusion() | indent(4) }} as excluded_by,
    excluded_by is null as is_recommendable
from current_versions
