-- grain: one row per profile that may be written to and place in its list
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

ranked as (

    select
        *,
        coalesce(place, {{ size }} + ruled_rank) as rank
    from {{ ref("int_personalize__chosen_recommendations") }}
    where window_number = 0

),

last_ranks as (

    select
        profile_id,
        strategy_position,
        max(rank) as last_rank
    from ranked
    where strategy_position is not null
    group by profile_id, strategy_position

),

steps_not_taken as (

    select
        ranked.profile_id,
        ranked.rank,
        count(*) as steps
    from ranked
    inner join last_ranks
        on ranked.profile_id = last_ranks.profile_id
        and ranked.strategy_position > last_ranks.strategy_position
        and ranked.rank < last_ranks.last_rank
    where ranked.place is not null
    group by ranked.profile_id, ranked.rank

)

select
    cast(ranked.profile_id as varchar) as profile_id,
    cast(ranked.rank as bigint) as rank,
    cast(ranked.product_id as varchar) as product_id,
    cast(ranked.chance as double) as score,
    cast(ranked.confidence as double) as confidence,
    cast(ranked.strategy as varchar) as strategy,
    cast(ranked.reason_code as varchar) as reason_code,
    cast(ranked.evidence_product_id as varchar) as evidence_product_id,
    cast('{{ personalize.recommendation_version() }}' as varchar) as model_version,
    cast(
        coalesce(ranked.strategy_position - 1, 0) - coalesce(steps_not_taken.steps, 0) as bigint
    ) as fallback_depth
from ranked
left join steps_not_taken
    on ranked.profile_id = steps_not_taken.profile_id
    and ranked.rank = steps_not_taken.rank
where ranked.place is not null
