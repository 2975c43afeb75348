-- grain: one row per way of making lists that the registry decides about
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

ways as (

    select
        'recommendation_simple' as candidate,
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
                when metric in ('ndcg_gain_over_popularity', 'ndcg_gain_over_simple')
                    then value_low
            end
        ) as surely_gained,
        max(case when metric = 'ndcg_gain_over_blend' then value_low end) as gained_over_blend
    from {{ ref("int_personalize__recommendation_measures") }}
    where population = 'all'
    group by model

),

baseline as (

    select max(ndcg) as ndcg
    from judged
    where model in ('popularity', 'recommendation_simple')

),

proven as (

    select
        model,
        gained_over_blend > 0 as is_above_blend
    from judged
    where surely_gained > 0
        and observations
        >= {{ personalize.setting("recommendation_min_evaluated_profiles") }}

),

proven_blends as (

    select count(*) as blends
    from proven
    where model = 'recommendation_blend'

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
    proven.model is not null
    and (
        ways.candidate <> 'recommendation_ranker'
        or proven_blends.blends = 0
        or coalesce(proven.is_above_blend, false)
    ) as is_proven
from ways
left join judged
    on ways.candidate = judged.model
left join proven
    on ways.candidate = proven.model
cross join baseline
cross join proven_blends
