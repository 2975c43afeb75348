-- grain: one row per window, product and product it speaks for, by the method of similar_method
select
    window_number,
    product_number,
    similar_product_number,
    similarity,
    similarity_rank
from {{ ref("int_personalize__item_" ~ personalize.similar_method()) }}
