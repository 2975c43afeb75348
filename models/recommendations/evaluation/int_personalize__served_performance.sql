-- grain: one row per metric of the lists with all rules, beside the same lists without any
{%- set size = personalize.setting("recommendations_per_profile") | int %}
{%- set measures = {
    "recall_at_" ~ size: "recall", "ndcg_at_" ~ size: "ndcg", "map_at_" ~ size: "average_precision",
    "hit_rate_at_" ~ size: "hit", "novelty": "novelty", "diversity": "diversity",
} %}
with

promoted as (

    select max(model) as model
    from {{ ref("int_personalize__recommendation_performance") }}
    where is_promoted

),

people as (

    select *
    from {{ ref("int_personalize__served_backtest") }}
    union all
    select backtest.*
    from {{ ref("int_personalize__recommendation_backtest") }} as backtest
    inner join promoted
        on backtest.model = promoted.model
    where backtest.window_number = 1

),

averages as (

    {%- for metric, column in measures.items() %}
    select
        '{{ metric }}' as metric,
        round(avg(case when model = 'recommendation_served' then {{ column }} end), 6) as value,
        round(avg(case when model <> 'recommendation_served' then {{ column }} end), 6)
            as baseline_value,
        count(case when model = 'recommendation_served' then {{ column }} end) as observations
    from people
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    averages.metric,
    averages.value,
    averages.baseline_value,
    averages.observations,
    windows.cutoff_at as evaluated_from,
    windows.outcome_until as evaluated_to
from averages
inner join {{ ref("int_personalize__recommendation_windows") }} as windows
    on windows.window_number = 1
where averages.value is not null
