-- grain: one row per window, profile and product that is new in the catalogue
{%- set size = personalize.setting("recommendations_per_profile") | int %}
{%- set days = personalize.setting("new_arrival_days") | int %}
with

arrivals as (

    select
        popularity.window_number,
        popularity.product_id,
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

),

histories as (

    select
        interactions.window_number,
        interactions.profile_id,
        interactions.product_id,
        interactions.weight,
        cast(
            {{ personalize.exact_sum("interactions.weight") }} over (
                partition by interactions.window_number, interactions.profile_id
            ) as double
        ) as all_weight
    from {{ ref("int_personalize__interactions") }} as interactions
    inner join {{ ref("int_personalize__recommendation_requests") }} as requests
        on interactions.window_number = requests.window_number
        and interactions.profile_id = requests.profile_id
    where interactions.weight > 0
        and interactions.interaction_rank <= {{ personalize.setting("interactions_per_profile") }}

),

shares as (

    select
        histories.window_number,
        histories.profile_id,
        likeness.new_product_id as product_id,
        histories.product_id as evidence_product_id,
        arrivals.arrival_rank,
        round(histories.weight * likeness.similarity / histories.all_weight, 9) as share
    from histories
    inner join {{ ref("int_personalize__new_product_likeness") }} as likeness
        on histories.product_id = likeness.product_id
    inner join arrivals
        on histories.window_number = arrivals.window_number
        and likeness.new_product_id = arrivals.product_id

),

likes as (

    select
        window_number,
        profile_id,
        product_id,
        evidence_product_id,
        arrival_rank,
        cast(
            {{ personalize.exact_sum("share") }} over (
                partition by window_number, profile_id, product_id
            ) as double
        ) as likeness
    from shares
    qualify row_number() over (
            partition by window_number, profile_id, product_id
            order by share desc, evidence_product_id
        ) = 1

),

offers as (

    select
        window_number,
        profile_id,
        product_id,
        evidence_product_id,
        arrival_rank,
        likeness
    from likes
    union all
    select
        requests.window_number,
        requests.profile_id,
        arrivals.product_id,
        cast(null as varchar) as evidence_product_id,
        arrivals.arrival_rank,
        0 as likeness
    from {{ ref("int_personalize__recommendation_requests") }} as requests
    inner join arrivals
        on requests.window_number = arrivals.window_number
    left join likes
        on requests.window_number = likes.window_number
        and requests.profile_id = likes.profile_id
        and arrivals.product_id = likes.product_id
    where arrivals.arrival_rank <= {{ 3 * size }}
        and likes.product_id is null

)

select
    offers.window_number,
    offers.profile_id,
    offers.product_id,
    'new_arrivals' as strategy,
    round(1 + offers.likeness, 6) as score,
    row_number() over (
        partition by offers.window_number, offers.profile_id
        order by round(offers.likeness, 6) desc, offers.arrival_rank
    ) as strategy_rank,
    case
        when offers.evidence_product_id is null then 'new_arrival' else 'similar_to'
    end as reason_code,
    offers.evidence_product_id
from offers
left join {{ ref("int_personalize__interactions") }} as known
    on offers.window_number = known.window_number
    and offers.profile_id = known.profile_id
    and offers.product_id = known.product_id
left join {{ ref("int_personalize__blocked_products") }} as blocked
    on offers.window_number = blocked.window_number
    and offers.profile_id = blocked.profile_id
    and offers.product_id = blocked.product_id
where blocked.product_id is null
    and coalesce(known.purchase_count, 0) = 0
qualify strategy_rank <= {{ size }}
