-- grain: one row per profile that looked at a product before there was good news of it
with

news as (

    select
        interests.profile_id,
        interests.product_id,
        case when news.back_in_stock_at > interests.viewed_at then news.back_in_stock_at end
            as back_in_stock_at,
        case when news.price_dropped_at > interests.viewed_at then news.price_dropped_at end
            as price_dropped_at,
        news.price_drop_share
    from {{ ref("int_personalize__open_interests") }} as interests
    inner join {{ ref("int_personalize__product_news") }} as news
        on interests.product_id = news.product_id

),

newest_in_stock as (

    select
        profile_id,
        product_id,
        back_in_stock_at
    from news
    where back_in_stock_at is not null
    qualify
        row_number() over (
            partition by profile_id
            order by back_in_stock_at desc, product_id
        ) = 1

),

newest_price_drop as (

    select
        profile_id,
        product_id,
        price_dropped_at,
        price_drop_share
    from news
    where price_dropped_at is not null
    qualify
        row_number() over (
            partition by profile_id
            order by price_dropped_at desc, price_drop_share desc, product_id
        ) = 1

)

select
    coalesce(newest_in_stock.profile_id, newest_price_drop.profile_id) as profile_id,
    newest_in_stock.product_id as back_in_stock_product_id,
    newest_in_stock.back_in_stock_at,
    newest_price_drop.product_id as price_drop_product_id,
    newest_price_drop.price_dropped_at,
    newest_price_drop.price_drop_share
from newest_in_stock
full outer join newest_price_drop
    on newest_in_stock.profile_id = newest_price_drop.profile_id
