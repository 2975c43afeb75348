-- grain: one row per model, metric and group of people, on periods that are over
with

judged as (

    select
        model,
        metric,
        'all' as population,
        value,
        cast(null as double) as value_low,
        cast(null as double) as value_high,
        baseline_value,
        evaluated_from,
        evaluated_to,
        observations,
        model_version,
        is_promoted
    from {{ ref("int_personalize__prediction_performance") }}
    union all
    select
        model,
        metric,
        population,
        value,
        value_low,
        value_high,
        baseline_value,
        evaluated_from,
        evaluated_to,
        observations,
        model_version,
        is_promoted
    from {{ ref("int_personalize__recommendation_performance") }}
    union all
    select
        'recommendation_served' as model,
        metric,
        'all' as population,
        value,
        cast(null as double) as value_low,
        cast(null as double) as value_high,
        baseline_value,
        evaluated_from,
        evaluated_to,
        observations,
        '{{ personalize.recommendation_version() }}' as model_version,
        true as is_promoted
    from {{ ref("int_personalize__served_performance") }}

)

select
    cast(model as varchar) as model,
    cast(metric as varchar) as metric,
    cast(population as varchar) as population,
    cast(value as double) as value,
    cast(value_low as double) as value_low,
    cast(value_high as double) as value_high,
    cast(baseline_value as double) as baseline_value,
    cast(evaluated_from as timestamp) as evaluated_from,
    cast(evaluated_to as timestamp) as evaluated_to,
    cast(observations as bigint) as observations,
    cast(model_version as varchar) as model_version,
    cast(is_promoted as boolean) as is_promoted
from judged
