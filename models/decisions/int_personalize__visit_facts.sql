-- grain: one row per profile with a recent visit
with

visits as (

    select
        profile_id,
        max(occurred_at) as visited_at
    from {{ ref("int_personalize__permitted_visits") }}
    group by 1

),

newest_in_cart as (

    select
        profile_id,
        product_id,
        in_cart_since,
        count(*) over (partition by profile_id) as product_count
    from {{ ref("int_personalize__open_interests") }}
    where in_cart_since is not null
    qualify row_number() over (partition by profile_id order by in_cart_since desc, product_id) = 1

),

newest_viewed as (

    select
        profile_id,
        product_id,
        viewed_at
    from {{ ref("int_personalize__open_interests") }}
    qualify row_number() over (partition by profile_id order by viewed_at desc, product_id) = 1

)

select
    visits.profile_id,
    visits.visited_at,
    newest_in_cart.product_id as cart_product_id,
    newest_in_cart.in_cart_since as cart_added_at,
    newest_in_cart.product_count as cart_product_count,
    newest_viewed.product_id as viewed_product_id,
    newest_viewed.viewed_at
from visits
left join newest_in_cart
    on visits.profile_id = newest_in_cart.profile_id
left join newest_viewed
    on visits.profile_id = newest_viewed.profile_id
