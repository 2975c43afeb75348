-- grain: one row per prediction and metric of the best model on the latest finished window
with

judged as (

    select
        candidates.prediction,
        candidates.model_version,
        coalesce(registry.status <> 'fallback', false) as is_promoted
    from {{ ref("int_personalize__prediction_candidates") }} as candidates
    left join {{ ref("personalize__model_registry") }} as registry
        on candidates.prediction = registry.model
        and candidates.model_version = registry.model_version
        and registry.decided_at = {{ personalize.as_of() }}
    where candidates.log_loss is not null
    qualify row_number() over (
            partition by candidates.prediction
            order by
                is_promoted desc, candidates.is_challenger desc, candidates.is_baseline desc,
                candidates.model_version
        ) = 1

),

baseline as (

    select
        prediction,
        term,
        value
    from {{ ref("int_personalize__prediction_terms") }}
    where candidate = 'recency_bucket' and kind = 'metric'

),

observations as (

    select
        prediction,
        max(value) as observations
    from baseline
    where term = 'observations'
    group by prediction

)

select
    judged.prediction as model,
    terms.term as metric,
    round(terms.value, 6) as value,
    round(baseline.value, 6) as baseline_value,
    cutoffs.cutoff_at as evaluated_from,
    cutoffs.label_until as evaluated_to,
    cast(observations.observations as bigint) as observations,
    judged.model_version,
    judged.is_promoted
from judged
inner join {{ ref("int_personalize__prediction_terms") }} as terms
    on judged.prediction = terms.prediction
    and judged.model_version = terms.model_version
    and terms.kind = 'metric'
    and terms.term <> 'observations'
inner join baseline
    on judged.prediction = baseline.prediction
    and terms.term = baseline.term
inner join observations
    on judged.prediction = observations.prediction
inner join {{ ref("int_personalize__prediction_cutoffs") }} as cutoffs
    on cutoffs.window_role = 'evaluation'
