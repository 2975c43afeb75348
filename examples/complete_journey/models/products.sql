-- grain: one row per product of the catalog, with a title a person can read
with

tidied as (

    select
        cast(product_id as varchar) as product_id,
        cast(manufacturer_id as varchar) as manufacturer_id,
        department,
        brand,
        {{ tidy("coalesce(product_category, department)") }} as category,
        {{ tidy("coalesce(product_type, product_category, department)") }} as subcategory,
        lower(regexp_replace(package_size, '\s+', ' ', 'g')) as package_size
    from {{ source("complete_journey", "products") }}

)

select
    tidied.product_id,
    case
        when length(tidied.subcategory) < 12 and tidied.department <> 'PRODUCE'
            then tidied.category || ': ' || lower(tidied.subcategory)
        else tidied.subcategory
    end
    -- the size of fruit and vegetables is that of the crate
    || case when tidied.department = 'PRODUCE' then '' else coalesce(', ' || tidied.package_size, '') end as title,
    case
        when tidied.brand = 'Private' then 'Private label'
        else 'Maker ' || tidied.manufacturer_id
    end as brand,
    tidied.category,
    tidied.subcategory,
    prices.price,
    'USD' as currency,
    coalesce(prices.is_on_shelf, false)
    and tidied.department not in (
        'AUTOMOTIVE', 'CHARITABLE CONT', 'CNTRL/STORE SUP', 'COUPON', 'FUEL', 'GM MERCH EXP', 'MISCELLANEOUS',
        'PHOTO & VIDEO', 'POSTAL CENTER', 'PROD-WHS SALES'
    ) as is_available,
    prices.first_sold_at as created_at
from tidied
left join {{ ref("prices") }} as prices
    on tidied.product_id = prices.product_id
