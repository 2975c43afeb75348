-- grain: one row per prediction and candidate that could score it
with

numbers as (

    select
        terms.prediction,
        terms.candidate,
        terms.model_version,
        terms.candidate = 'recency_bucket' as is_baseline,
        {{ personalize.term_value("hyper_parameter", "l2") }} as l2,
        {{ personalize.term_value("validation", "log_loss") }} as validation_loss,
        {{ personalize.term_value("metric", "log_loss") }} as log_loss
    from {{ ref("int_personalize__prediction_terms") }} as terms
    group by terms.prediction, terms.candidate, terms.model_version

)

select
    prediction,
    candidate,
    model_version,
    is_baseline,
    {{ personalize.json_object_text({
        "method": "case when is_baseline then 'recency_bucket' else 'logistic' end",
        "l2": "case when not is_baseline then replace(candidate, 'logistic_l2_', '') end",
    }) }} as hyper_parameters,
    not is_baseline and row_number() over (
        partition by prediction, is_baseline
        order by round(validation_loss, 6), l2 desc, candidate
    ) = 1 as is_challenger,
    round(validation_loss, 6) as validation_loss,
    round(log_loss, 6) as log_loss
from numbers
