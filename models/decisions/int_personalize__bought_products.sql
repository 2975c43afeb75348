-- grain: one row per profile and product it bought, by an order or as the shop's web events say
with

bought as (

    select
        profile_id,
        product_id,
        ordered_at as bought_at
    from {{ ref("int_personalize__purchases") }}
    where not is_return
        and profile_id is not null
    union all
    select
        profile_id,
        product_id,
        occurred_at as bought_at
    from {{ ref("int_personalize__permitted_visits") }}
    where event_type = 'purchase'
        and product_id is not null

)

select
    profile_id,
    product_id,
    max(bought_at) as last_bought_at
from bought
group by 1, 2
