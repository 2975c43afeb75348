-- grain: one row per model and metric, on the latest period that is over
with

judged as (

    select
        model,
        metric,
        value,
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
        value,
        baseline_value,
        evaluated_from,
        evaluated_to,
        observations,
        model_version,
        is_promoted
    from {{ ref("int_personalize__recommendation_performance") }}

)

select
    cast(model as varchar) as model,
    cast(metric as varchar) as metric,
    cast(value as double) as value,
    cast(baseline_value as double) as baseline_value,
    cast(evaluated_from as timestamp) as evaluated_from,
    cast(evaluated_to as timestamp) as evaluated_to,
    cast(observations as bigint) as observations,
    cast(model_version as varchar) as model_version,
    cast(is_promoted as boolean) as is_promoted
from judged
