-- grain: one row per profile that looked at a premium product on a weekend (UTC)
with

ranked as (

    select
        product_id,
        percent_rank() over (partition by category order by price) as price_rank,
        count(*) over (partition by category) as category_size
    from {{ ref("int_personalize__current_products") }}
    where price is not null

),

premium as (

    select product_id
    from ranked
    where category_size > 1
        and round(price_rank, 6) >= {{ personalize.setting("premium_price_rank") }}

)

select
    visits.profile_id,
    count(*) as weekend_premium_views
from {{ ref("int_personalize__permitted_visits") }} as visits
inner join premium
    on visits.product_id = premium.product_id
where visits.event_type = 'product_view'
    and mod(
        datediff(
            'day', cast('2024-01-01 00:00:00' as timestamp), date_trunc('day', visits.occurred_at)
        ) + 700000, 7
    ) >= 5
group by 1
