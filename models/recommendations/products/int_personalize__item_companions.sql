-- grain: one row per window, product and product that goes with it, by the method of complement_method
{%- set method = personalize.complement_method() %}
select
    window_number,
    product_number,
{%- if method == "sequence" %}
    next_product_number as similar_product_number,
    transition as similarity,
    transition_rank as similarity_rank
from {{ ref("int_personalize__item_transitions") }}
{%- else %}
    similar_product_number,
    similarity,
    similarity_rank
from {{ ref("int_personalize__item_graph") }}
{%- endif %}
