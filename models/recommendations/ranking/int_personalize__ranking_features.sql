-- grain: one row per window, profile and product that some strategy offers, as known at the cutoff
{%- set strategies = personalize.recommendation_ladder() %}
{%- set has_ranker = personalize.setting("recommendation_ranker_min_hits") is not none %}
with

offers as (

    select
        window_number,
        profile_id,
        product_id,
        {%- for strategy in strategies %}
        max(case when strategy = '{{ strategy }}' then score end) as {{ strategy }}_score,
        min(case when strategy = '{{ strategy }}' then strategy_rank end) as {{ strategy }}_rank,
        {%- endfor %}
        max(simple_score) as simple_score,
        count(*) as strategies,
        max(case when is_hit then 1 else 0 end) as is_hit
    from {{ ref("int_personalize__recommendation_candidates") }}
    {{ "where false" if not has_ranker }}
    group by window_number, profile_id, product_id

),

tastes as (

    select
        interactions.window_number,
        interactions.profile_id,
        products.category,
        cast({{ personalize.exact_sum("interactions.weight") }} as double) as weight,
        min(interactions.last_bought_days_ago) as days
    from {{ ref("int_personalize__interactions") }} as interactions
    inner join {{ ref("int_personalize__current_products") }} as products
        on interactions.product_id = products.product_id
    group by interactions.window_number, interactions.profile_id, products.category

)

select
    offers.window_number,
    requests.profile_number,
    numbered.product_number,
    case
        when offers.window_number > 0 then -1
        else cast(floor(requests.profile_number / 20000) as integer)
    end as part,
    offers.is_hit,
    offers.strategies as offer_strategies,
    {%- for strategy in strategies %}
    offers.{{ strategy }}_score as offer_{{ strategy }}_score,
    offers.{{ strategy }}_rank as offer_{{ strategy }}_rank,
    {%- endfor %}
    offers.simple_score as offer_simple_score,
    own.weight as own_weight,
    own.frequency as own_frequency,
    own.frequency_lately as own_frequency_lately,
    own.frequency_share as own_frequency_share,
    own.purchase_count as own_purchases,
    own.first_bought_days_ago as own_first_days,
    own.last_bought_days_ago as own_last_days,
    round(
        (own.first_bought_days_ago - own.last_bought_days_ago)
        / nullif(cast(own.purchase_count as double) - 1, 0), 6
    ) as own_interval_days,
    round(
        own.last_bought_days_ago * (own.purchase_count - 1)
        / nullif(cast(own.first_bought_days_ago - own.last_bought_days_ago as double), 0), 6
    ) as own_due_ratio,
    round(own.weight / nullif(people.weight, 0), 6) as own_weight_share,
    last_trips.trips_ago as own_last_trips,
    round(
        own.purchase_count / cast(nullif(first_trips.trips_ago, 0) as double), 6
    ) as own_trip_share,
    round(tastes.weight / nullif(people.weight, 0), 6) as taste_category_share,
    tastes.days as taste_category_days,
    case when tastes.days = people.days then 1 else 0 end as taste_is_last_category,
    products.popularity as product_popularity,
    products.trend as product_trend,
    products.buyers as product_buyers,
    products.repeat_share as product_repeat_share,
    products.repeat_buyers as product_repeat_buyers,
    people.products as person_products,
    people.purchases as person_purchases,
    people.repeated as person_repeated,
    people.days as person_days,
    people.trips as person_trips,
    people.trip_days as person_trip_days,
    people.trip_products as person_trip_products,
    round(people.days / nullif(people.trip_days, 0), 6) as person_due_ratio,
    products.price as price_paid,
    round(products.price / nullif(people.price, 0), 6) as price_ratio,
    people.sends as mail_sends,
    people.opens as mail_opens,
    people.clicks as mail_clicks
from offers
inner join {{ ref("int_personalize__recommendation_requests") }} as requests
    on offers.window_number = requests.window_number
    and offers.profile_id = requests.profile_id
inner join {{ ref("int_personalize__numbered_products") }} as numbered
    on offers.product_id = numbered.product_id
inner join {{ ref("int_personalize__ranking_products") }} as products
    on offers.window_number = products.window_number
    and offers.product_id = products.product_id
left join {{ ref("int_personalize__interactions") }} as own
    on offers.window_number = own.window_number
    and offers.profile_id = own.profile_id
    and offers.product_id = own.product_id
left join {{ ref("int_personalize__shopping_days") }} as last_trips
    on own.window_number = last_trips.window_number
    and own.profile_id = last_trips.profile_id
    and own.last_bought_days_ago = last_trips.age_days
left join {{ ref("int_personalize__shopping_days") }} as first_trips
    on own.window_number = first_trips.window_number
    and own.profile_id = first_trips.profile_id
    and own.first_bought_days_ago = first_trips.age_days
left join {{ ref("int_personalize__ranking_people") }} as people
    on offers.window_number = people.window_number
    and offers.profile_id = people.profile_id
left join tastes
    on offers.window_number = tastes.window_number
    and offers.profile_id = tastes.profile_id
    and products.category = tastes.category
