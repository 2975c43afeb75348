-- grain: one row per product and similar product, as of today
select
    cast(products.product_id as varchar) as product_id,
    cast(similar_products.product_id as varchar) as similar_product_id,
    cast(graph.similarity as double) as similarity,
    cast(graph.similarity_rank as bigint) as similarity_rank
from {{ ref("int_personalize__item_graph") }} as graph
inner join {{ ref("int_personalize__numbered_products") }} as products
    on graph.product_number = products.product_number
inner join {{ ref("int_personalize__numbered_products") }} as similar_products
    on graph.similar_product_number = similar_products.product_number
where graph.window_number = 0
