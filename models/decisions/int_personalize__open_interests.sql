-- grain: one row per profile and product it looked at or put in the cart and did not buy since
with

interests as (

    select
        profile_id,
        product_id,
        max(case when event_type = 'add_to_cart' then occurred_at end) as added_at,
        max(case when event_type = 'remove_from_cart' then occurred_at end) as removed_at,
        max(
            case when event_type in ('product_view', 'add_to_cart') then occurred_at end
        ) as viewed_at
    from {{ ref("int_personalize__permitted_visits") }}
    where product_id is not null
    group by 1, 2

),

checkouts as (

    select
        profile_id,
        max(occurred_at) as checked_out_at
    from {{ ref("int_personalize__permitted_visits") }}
    where event_type = 'purchase'
        and product_id is null
    group by 1

)

select
    interests.profile_id,
    interests.product_id,
    case
        when interests.removed_at >= interests.added_at then null
        when checkouts.checked_out_at >= interests.added_at then null
        when bought.last_bought_at >= interests.added_at then null
        else interests.added_at
    end as in_cart_since,
    interests.viewed_at
from interests
inner join {{ ref("int_personalize__current_products") }} as products
    on interests.product_id = products.product_id
left join {{ ref("int_personalize__sensitive_products") }} as sensitive
    on interests.product_id = sensitive.product_id
left join checkouts
    on interests.profile_id = checkouts.profile_id
left join {{ ref("int_personalize__bought_products") }} as bought
    on interests.profile_id = bought.profile_id
    and interests.product_id = bought.product_id
where products.is_recommendable
    and sensitive.product_id is null
    and interests.viewed_at is not null
    and (interests.removed_at is null or interests.removed_at < interests.viewed_at)
    and (
        bought.last_bought_at is null
        or (
            bought.last_bought_at < interests.viewed_at
            and bought.last_bought_at
            < {{ personalize.days_before_as_of("exclude_bought_within_days") }}
        )
    )
