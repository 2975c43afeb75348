-- grain: one row per window, profile and product never bought that goes with the last purchase
{%- set neighbours = 20 %}
with

last_baskets as (

    select
        interactions.window_number,
        interactions.profile_id,
        interactions.product_id as bought_product_id,
        interactions.weight
    from {{ ref("int_personalize__interactions") }} as interactions
    inner join {{ ref("int_personalize__recommendation_requests") }} as requests
        on interactions.window_number = requests.window_number
        and interactions.profile_id = requests.profile_id
    where interactions.purchase_count > 0
    qualify interactions.last_bought_days_ago = min(interactions.last_bought_days_ago) over (
            partition by interactions.window_number, interactions.profile_id
        )

),

companions as (

    select
        graph.window_number,
        bought.product_id as bought_product_id,
        products.product_id,
        graph.similarity
    from {{ ref("int_personalize__item_companions") }} as graph
    inner join {{ ref("int_personalize__numbered_products") }} as bought
        on graph.product_number = bought.product_number
    inner join {{ ref("int_personalize__numbered_products") }} as products
        on graph.similar_product_number = products.product_number
    where graph.similarity_rank <= {{ neighbours }}

),

offers as (

    select
        last_baskets.window_number,
        last_baskets.profile_id,
        companions.product_id,
        round(
            cast({{ personalize.exact_sum("companions.similarity") }} over (
                partition by
                    last_baskets.window_number, last_baskets.profile_id, companions.product_id
            ) as double), 6
        ) as score,
        last_baskets.bought_product_id as evidence_product_id
    from last_baskets
    inner join companions
        on last_baskets.window_number = companions.window_number
        and last_baskets.bought_product_id = companions.bought_product_id
    left join {{ ref("int_personalize__interactions") }} as known
        on last_baskets.window_number = known.window_number
        and last_baskets.profile_id = known.profile_id
        and companions.product_id = known.product_id
    left join {{ ref("int_personalize__blocked_products") }} as blocked
        on last_baskets.window_number = blocked.window_number
        and last_baskets.profile_id = blocked.profile_id
        and companions.product_id = blocked.product_id
    where last_baskets.weight > 0
        and blocked.product_id is null
        and coalesce(known.purchase_count, 0) = 0
    qualify row_number() over (
            partition by last_baskets.window_number, last_baskets.profile_id, companions.product_id
            order by companions.similarity desc, last_baskets.bought_product_id
        ) = 1

)

select
    window_number,
    profile_id,
    product_id,
    'complement' as strategy,
    score,
    row_number() over (
        partition by window_number, profile_id
        order by score desc, product_id
    ) as strategy_rank,
    'goes_with' as reason_code,
    evidence_product_id
from offers
qualify strategy_rank <= {{ personalize.setting("recommendations_per_profile") }}
