-- grain: one row per window, profile and product that is new in the catalogue
{%- set size = personalize.setting("recommendations_per_profile") | int %}
{%- set days = personalize.setting("new_arrival_days") | int %}
with

arrivals as (

    select
        popularity.window_number,
        popularity.product_id,
        products.category,
        row_number() over (
            partition by popularity.window_number
            order by products.created_at desc, popularity.popularity_rank
        ) as arrival_rank
    from {{ ref("int_personalize__product_popularity") }} as popularity
    inner join {{ ref("int_personalize__recommendation_windows") }} as windows
        on popularity.window_number = windows.window_number
    inner join {{ ref("int_personalize__current_products") }} as products
        on popularity.product_id = products.product_id
        and windows.cutoff_at >= products.created_at
        and products.created_at > {{ dbt.dateadd("day", -days, "windows.cutoff_at") }}
    where popularity.title_rank is not null
    qualify arrival_rank <= {{ 3 * size }}

),

tastes as (

    select
        interactions.window_number,
        interactions.profile_id,
        products.category,
        cast({{ personalize.exact_sum("interactions.weight") }} as double) as weight,
        cast(
            sum({{ personalize.exact_sum("interactions.weight") }}) over (
                partition by interactions.window_number, interactions.profile_id
            ) as double
        ) as all_weight
    from {{ ref("int_personalize__interactions") }} as interactions
    inner join {{ ref("int_personalize__current_products") }} as products
        on interactions.product_id = products.product_id
    where interactions.weight > 0
    group by interactions.window_number, interactions.profile_id, products.category

)

select
    requests.window_number,
    requests.profile_id,
    arrivals.product_id,
    'new_arrivals' as strategy,
    round(1 + coalesce(tastes.weight / tastes.all_weight, 0), 6) as score,
    row_number() over (
        partition by requests.window_number, requests.profile_id
        order by
            round(coalesce(tastes.weight / tastes.all_weight, 0), 6) desc, arrivals.arrival_rank
    ) as strategy_rank,
    'new_arrival' as reason_code,
    cast(null as varchar) as evidence_product_id
from {{ ref("int_personalize__recommendation_requests") }} as requests
inner join arrivals
    on requests.window_number = arrivals.window_number
left join tastes
    on requests.window_number = tastes.window_number
    and requests.profile_id = tastes.profile_id
    and arrivals.category = tastes.category
left join {{ ref("int_personalize__interactions") }} as known
    on requests.window_number = known.window_number
    and requests.profile_id = known.profile_id
    and arrivals.product_id = known.product_id
left join {{ ref("int_personalize__blocked_products") }} as blocked
    on requests.window_number = blocked.window_number
    and requests.profile_id = blocked.profile_id
    and arrivals.product_id = blocked.product_id
where blocked.product_id is null
    and coalesce(known.purchase_count, 0) = 0
qualify strategy_rank <= {{ size }}
