-- grain: one row per window, profile and product, with its place in three ways of making lists
{%- set discount = personalize.setting("recommendation_repeat_discount") %}
with

rated as (

    select
        candidates.*,
        products.title_key,
        hit_rates.hit_rate,
        ranker.chance as ranker_chance
    from {{ ref("int_personalize__recommendation_candidates") }} as candidates
    inner join {{ ref("int_personalize__numbered_products") }} as products
        on candidates.product_id = products.product_id
    left join {{ ref("int_personalize__strategy_hit_rates") }} as hit_rates
        on candidates.window_number + 1 = hit_rates.window_number
        and candidates.strategy = hit_rates.strategy
        and (hit_rates.score_from is null or candidates.score >= hit_rates.score_from)
        and (hit_rates.score_below is null or candidates.score < hit_rates.score_below)
    left join {{ ref("int_personalize__ranked_candidates") }} as ranker
        on candidates.window_number = ranker.window_number
        and candidates.profile_id = ranker.profile_id
        and candidates.product_id = ranker.product_id
    where candidates.window_number <= {{ personalize.judged_windows() }}

),

merged as (

    select
        *,
        max(hit_rate) over (partition by window_number, profile_id, product_id) as confidence,
        max(simple_score) over (partition by window_number, profile_id, product_id) as worth,
        cast({{ personalize.exact_sum("-ln(1 - hit_rate)") }} over (
            partition by window_number, profile_id, product_id
        ) as double) as evidence
    from rated
    qualify row_number() over (
            partition by window_number, profile_id, product_id
            order by
                is_filler,
                case when evidence_product_id is null then 1 else 0 end,
                hit_rate desc nulls last,
                strategy_position
        ) = 1

),

one_per_title as (

    select
        *,
        round(1 - exp(-evidence), 6) as chance
    from merged
    qualify row_number() over (
            partition by window_number, profile_id, title_key
            order by
                is_filler, evidence desc nulls last, strategy_position, strategy_rank, product_id
        ) = 1

),

placed_in_strategy as (

    select
        *,
        row_number() over (
            partition by window_number, profile_id, strategy
            order by evidence desc nulls last, strategy_rank, product_id
        ) as place_in_blend,
        row_number() over (
            partition by window_number, profile_id, strategy
            order by ranker_chance desc nulls last, strategy_rank, product_id
        ) as place_in_ranker,
        row_number() over (
            partition by window_number, profile_id, strategy
            order by worth desc nulls last, strategy_rank, product_id
        ) as place_in_simple
    from one_per_title

),

valued as (

    select
        *,
        round(chance * power({{ discount }}, place_in_blend - 1), 6) as blend_value,
        round(ranker_chance * power({{ discount }}, place_in_ranker - 1), 6) as ranker_value,
        round(worth * power({{ discount }}, place_in_simple - 1), 6) as simple_value
    from placed_in_strategy

),

placed as (

    select
        *,
        row_number() over (
            partition by window_number, profile_id
            order by is_filler, blend_value desc nulls last, strategy_position, place_in_blend
        ) as blend_place,
        row_number() over (
            partition by window_number, profile_id
            order by is_filler, ranker_value desc nulls last, strategy_position, place_in_ranker
        ) as ranker_place,
        row_number() over (
            partition by window_number, profile_id
            order by is_filler, simple_value desc nulls last, place_in_simple, strategy_position
        ) as simple_place
    from valued

),

ordered as (

    select
        *,
        {{ personalize.with_discovery_in("blend") }} as blend_order,
        {{ personalize.with_discovery_in("ranker") }} as ranker_order,
        {{ personalize.with_discovery_in("simple") }} as simple_order
    from placed

)

select
    window_number,
    profile_id,
    product_id,
    strategy,
    strategy_position,
    confidence,
    chance,
    reason_code,
    evidence_product_id,
    ranker_chance,
    row_number() over (partition by window_number, profile_id order by blend_order) as blend_rank,
    row_number() over (partition by window_number, profile_id order by simple_order) as simple_rank,
    case
        when ranker_chance is not null
            then row_number() over (
                    partition by window_number, profile_id
                    order by ranker_order
                )
    end as ranker_rank
from ordered
