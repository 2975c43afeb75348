-- grain: one row per window and product that somebody bought
{%- set prior_buyers = personalize.setting("replenishable_min_buyers") %}
with

product_buyers as (

    select
        interactions.window_number,
        interactions.product_id,
        coalesce(products.category, 'no category') as category,
        count(*) as buyers,
        count_if(interactions.purchase_count >= 2) as repeat_buyers
    from {{ ref("int_personalize__interactions") }} as interactions
    inner join {{ ref("int_personalize__current_products") }} as products
        on interactions.product_id = products.product_id
    where interactions.purchase_count > 0
    group by interactions.window_number, interactions.product_id, products.category

),

category_shares as (

    select
        *,
        cast(sum(repeat_buyers) over (partition by window_number, category) as double)
        / sum(buyers) over (partition by window_number, category) as category_share
    from product_buyers

),

shares as (

    select
        *,
        round(
            (repeat_buyers + {{ prior_buyers }} * category_share) / (buyers + {{ prior_buyers }}), 6
        ) as repeat_share
    from category_shares

)

select
    window_number,
    product_id,
    buyers,
    repeat_buyers,
    repeat_share,
    repeat_share >= {{ personalize.setting("replenishable_min_repeat_share") }}
    or {{ personalize.is_listed("category", "replenishable_categories") }} as is_replenishable
from shares
