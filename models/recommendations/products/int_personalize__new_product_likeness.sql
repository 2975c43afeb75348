-- grain: one row per new product and product that it resembles by its words
select
    cast(products.product_id as varchar) as product_id,
    cast(new_products.product_id as varchar) as new_product_id,
    cast(content.similarity as double) as similarity
from {{ ref("int_personalize__item_content") }} as content
inner join {{ ref("int_personalize__numbered_products") }} as products
    on content.product_number = products.product_number
inner join {{ ref("int_personalize__numbered_products") }} as new_products
    on content.new_product_number = new_products.product_number
