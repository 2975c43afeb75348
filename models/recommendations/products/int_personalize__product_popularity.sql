-- grain: one row per window and recommendable product
{%- set days = personalize.setting("popularity_days") | int %}
{%- set half_life_days = days / 2.0 %}
{%- set decay = "power(0.5, per_person.age_days / " ~ half_life_days ~ ")" %}
with

attention as (

    select
        product_id,
        'purchase' as interaction,
        coalesce(profile_id, 'order ' || order_id) as person,
        {{ personalize.days_ago("ordered_at") }} as days_ago
    from {{ ref("int_personalize__purchases") }}
    where quantity > 0
    union all
    select
        product_id,
        event_type as interaction,
        coalesce(profile_id, 'visitor ' || coalesce(anonymous_id, event_id)) as person,
        {{ personalize.days_ago("occurred_at") }} as days_ago
    from {{ ref("int_personalize__resolved_web_events") }}
    where event_type = 'product_view'
        and product_id is not null
        and not is_bot

),

per_person as (

    select
        windows.window_number,
        attention.product_id,
        attention.interaction,
        attention.person,
        min(attention.days_ago - windows.days_back) as age_days,
        max(
            case when attention.days_ago - windows.days_back >= {{ days }} then 1 else 0 end
        ) as came_before
    from attention
    inner join {{ ref("int_personalize__recommendation_windows") }} as windows
        on attention.days_ago >= windows.days_back
        and attention.days_ago < windows.days_back + {{ 4 * days }}
    group by windows.window_number, attention.product_id, attention.interaction, attention.person

),

counted as (

    select
        per_person.window_number,
        per_person.product_id,
        cast(
            {{ personalize.exact_sum("weights.weight * " ~ decay) }} as double
        ) as attention,
        count_if(
            per_person.interaction = 'purchase' and per_person.age_days < {{ days }}
        ) as buyers,
        count_if(
            per_person.interaction = 'purchase' and per_person.came_before = 1
        ) / cast(3 as double) as usual_buyers
    from per_person
    inner join {{ ref("personalize_interaction_weights") }} as weights
        on per_person.interaction = weights.interaction
    group by per_person.window_number, per_person.product_id

),

scored as (

    select
        windows.window_number,
        products.product_id,
        products.title_key,
        products.created_at,
        coalesce(counted.buyers, 0) as buyers,
        coalesce(counted.attention, 0) as attention,
        max(counted.attention) over (partition by windows.window_number) as most_attention,
        round(coalesce(
            (counted.buyers - counted.usual_buyers)
            / nullif(sqrt(counted.buyers + counted.usual_buyers), 0), 0
        ), 6) as trend
    from {{ ref("int_personalize__numbered_products") }} as products
    cross join {{ ref("int_personalize__recommendation_windows") }} as windows
    left join counted
        on windows.window_number = counted.window_number
        and products.product_id = counted.product_id
    where products.is_recommendable

),

scaled as (

    select
        *,
        round(coalesce(attention / nullif(most_attention, 0), 0), 6) as popularity
    from scored

),

ranked as (

    select
        *,
        row_number() over (
            partition by window_number
            order by popularity desc, created_at desc nulls last, product_id
        ) as popularity_rank,
        row_number() over (
            partition by window_number
            order by trend desc, popularity desc, product_id
        ) as trend_rank
    from scaled

),

placed_in_title as (

    select
        *,
        row_number() over (
            partition by window_number, title_key
            order by popularity_rank
        ) as title_place
    from ranked

)

select
    window_number,
    product_id,
    buyers,
    popularity,
    trend,
    popularity_rank,
    case
        when title_place = 1
            then row_number() over (
                    partition by window_number, title_place
                    order by popularity_rank
                )
    end as title_rank,
    trend_rank
from placed_in_title
