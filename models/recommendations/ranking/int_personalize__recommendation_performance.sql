-- grain: one row per way of making lists and metric, on the latest window that is over
{%- set size = personalize.setting("recommendations_per_profile") | int %}
{%- set measures = {
    "recall": "recall", "ndcg": "ndcg", "map": "average_precision", "hit_rate": "hit"
} %}
with

averages as (

    {%- for metric, measure in measures.items() %}
    select
        model,
        '{{ metric }}_at_{{ size }}' as metric,
        round(avg({{ measure }}), 6) as value,
        count(*) as observations
    from {{ ref("int_personalize__recommendation_backtest") }}
    group by model
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

compared as (

    select
        *,
        max(case when model = 'popularity' then value end) over (partition by metric)
            as popularity_value,
        max(case when model = 'recommendation_turn' then value end) over (partition by metric)
            as turn_value
    from averages

),

promoted as (

    select
        case
            when count(*) > 0 then 'recommendation_blend'
            else 'recommendation_turn'
        end as model
    from compared
    where model = 'recommendation_blend'
        and metric = 'ndcg_at_{{ size }}'
        and value > popularity_value
        and value > turn_value
        and observations >= {{ personalize.setting("recommendation_min_evaluated_profiles") }}

)

select
    compared.model,
    compared.metric,
    compared.value,
    compared.popularity_value as baseline_value,
    windows.cutoff_at as evaluated_from,
    windows.outcome_until as evaluated_to,
    compared.observations,
    '{{ personalize.recommendation_version() }}' as model_version,
    compared.model = promoted.model as is_promoted
from compared
cross join promoted
inner join {{ ref("int_personalize__recommendation_windows") }} as windows
    on windows.window_number = 1
where compared.model <> 'popularity'
