-- grain: one row per window, product and product that goes with it
{%- set method = personalize.complement_method() %}
{%- if method == "sequence" %}
select
    window_number,
    product_number,
    next_product_number as similar_product_number,
    transition as similarity,
    transition_rank as similarity_rank
from {{ ref("int_personalize__item_transitions") }}
{%- else %}
select
    window_number,
    product_number,
    similar_product_number,
    similarity,
    similarity_rank
from {{ ref("int_personalize__item_graph") }}
{%- endif %}
