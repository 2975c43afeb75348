{%- set method = personalize.similar_method() %}
{{ config(materialized="table" if method == "slim_and_filter" else "view") }}

-- grain: one row per window, product and product it speaks for, by the method of similar_method
{%- if method == "slim_and_filter" %}
with

weights as (

    select
        window_number,
        product_number,
        similar_product_number,
        similarity
    from {{ ref("int_personalize__item_slim") }}
    union all
    select
        window_number,
        product_number,
        similar_product_number,
        similarity
    from {{ ref("int_personalize__item_filter") }}

),

sums as (

    select
        window_number,
        product_number,
        similar_product_number,
        cast(round({{ personalize.exact_sum("similarity") }}, 6) as double) as similarity
    from weights
    group by window_number, product_number, similar_product_number

)

select
    window_number,
    product_number,
    similar_product_number,
    similarity,
    row_number() over (
        partition by window_number, product_number
        order by similarity desc, similar_product_number
    ) as similarity_rank
from sums
{%- else %}
select
    window_number,
    product_number,
    similar_product_number,
    similarity,
    similarity_rank
from {{ ref("int_personalize__item_" ~ method) }}
{%- endif %}
