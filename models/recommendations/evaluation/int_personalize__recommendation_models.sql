-- grain: one row per way of making lists that the registry decides about
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

ways as (

    select
        'recommendation_turn' as candidate,
        true as is_baseline
    union all
    select
        'recommendation_blend' as candidate,
        false as is_baseline
    union all
    select
        'recommendation_ranker' as candidate,
        false as is_baseline

),

judged as (

    select
        model,
        max(case when metric = 'ndcg_at_{{ size }}' then value end) as ndcg,
        max(case when metric = 'ndcg_at_{{ size }}' then observations end) as observations,
        min(
            case
                when metric = 'ndcg_gain_over_popularity'
                    or (model = 'recommendation_ranker' and metric = 'ndcg_gain_over_blend')
                    then value_low
            end
        ) as surely_gained
    from {{ ref("int_personalize__recommendation_measures") }}
    where population = 'all'
    group by model

),

baseline as (

    select max(ndcg) as ndcg
    from judged
    where model in ('popularity', 'recommendation_turn')

)

select
    cast('recommendations' as varchar) as model,
    cast(ways.candidate as varchar) as candidate,
    cast(
        ways.candidate || ' {{ personalize.recommendation_version() }}' as varchar
    ) as model_version,
    cast({{ personalize.json_object_text({"method": "ways.candidate"}) }} as varchar)
        as hyper_parameters,
    ways.is_baseline,
    not ways.is_baseline as is_challenger,
    cast('ndcg_at_{{ size }}' as varchar) as metric,
    round(case when ways.is_baseline then baseline.ndcg else judged.ndcg end, 6) as value,
    coalesce(judged.surely_gained > 0, false)
    and judged.observations >= {{ personalize.setting("recommendation_min_evaluated_profiles") }}
        as is_proven
from ways
left join judged
    on ways.candidate = judged.model
cross join baseline
