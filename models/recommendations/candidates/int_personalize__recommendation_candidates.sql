-- grain: one row per window, profile, product and strategy that offers it
{%- set strategies = personalize.recommendation_strategies() %}
with

offers as (

    {%- for strategy in personalize.recommendation_ladder() %}
    select
        window_number,
        profile_id,
        product_id,
        strategy,
        score,
        strategy_rank,
        reason_code,
        evidence_product_id,
        {{ loop.index }} as strategy_position,
        {{ "false" if strategy in strategies else "true" }} as is_filler
    from {{ ref("int_personalize__" ~ strategy ~ "_candidates") }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    offers.*,
    case
        when own.frequency is not null or (offers.strategy = 'popular' and not offers.is_filler)
            then round(
                    coalesce(own.frequency_share, 0)
                    + {{ personalize.setting("recommendation_popularity_weight") }}
                    * popularity.popularity, 6
                )
    end as simple_score,
    outcomes.product_id is not null as is_hit
from offers
left join {{ ref("int_personalize__product_popularity") }} as popularity
    on offers.window_number = popularity.window_number
    and offers.product_id = popularity.product_id
left join {{ ref("int_personalize__interactions") }} as own
    on offers.window_number = own.window_number
    and offers.profile_id = own.profile_id
    and offers.product_id = own.product_id
left join {{ ref("int_personalize__recommendation_outcomes") }} as outcomes
    on offers.window_number = outcomes.window_number
    and offers.profile_id = outcomes.profile_id
    and offers.product_id = outcomes.product_id
