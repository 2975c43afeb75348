-- grain: one row per past window, strategy and bucket of its scores: how many of them were bought
{%- set prior_weight = 50 %}
with

counted as (

    select
        window_number,
        strategy,
        score,
        is_hit,
        rank() over (partition by window_number, strategy order by score desc) as place_at_best,
        count(*) over (partition by window_number, strategy, score) as same_score,
        count(*) over (partition by window_number, strategy) as offers
    from {{ ref("int_personalize__recommendation_candidates") }}
    where window_number > 0

),

bucketed as (

    select
        window_number,
        strategy,
        least(9, cast(floor(round(
            ln(offers / cast(place_at_best + same_score - 1 as double)) / ln(2), 9
        )) as integer)) as bucket,
        min(score) as score_from,
        count(*) as candidates,
        count_if(is_hit) as hits
    from counted
    group by 1, 2, 3

),

totals as (

    select
        *,
        sum(hits) over (partition by window_number, strategy) as strategy_hits,
        sum(candidates) over (partition by window_number, strategy) as strategy_candidates,
        sum(hits) over (partition by window_number)
        / cast(sum(candidates) over (partition by window_number) as double) as window_rate
    from bucketed

),

strategy_rates as (

    select
        *,
        (strategy_hits + {{ prior_weight }} * window_rate)
        / (strategy_candidates + {{ prior_weight }}) as strategy_rate
    from totals

)

select
    window_number,
    strategy,
    bucket,
    case
        when bucket > min(bucket) over (partition by window_number, strategy) then score_from
    end as score_from,
    lead(score_from) over (
        partition by window_number, strategy
        order by bucket
    ) as score_below,
    candidates,
    hits,
    least(round(
        (hits + {{ prior_weight }} * strategy_rate) / (candidates + {{ prior_weight }}), 6
    ), 0.99) as hit_rate
from strategy_rates
