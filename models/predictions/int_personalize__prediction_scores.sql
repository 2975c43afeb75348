-- grain: one row per person with a history and prediction (churn: only of the active)
with

weighed as (

    select
        features.profile_id,
        features.recency_bucket,
        features.evidence,
        models.prediction,
        models.model_version,
        models.is_fallback,
        models.base_rate,
        models.slope * (
            models.intercept
            {%- for feature in personalize.prediction_features() %}
            + models.coefficient_{{ feature }}
            * (features.{{ feature }} - models.mean_{{ feature }}) / models.scale_{{ feature }}
            {%- endfor %}
        ) + models.shift as log_odds
    from {{ ref("int_personalize__prediction_features") }} as features
    inner join {{ ref("int_personalize__prediction_models") }} as models
        on features.is_active or models.prediction <> 'churn'
    where features.window_number = 0

),

bounded as (

    select
        weighed.*,
        case
            when weighed.log_odds > 30 then 30
            when weighed.log_odds < -30 then -30
            else weighed.log_odds
        end as bounded_log_odds
    from weighed

)

select
    bounded.profile_id,
    bounded.prediction,
    case
        when bounded.is_fallback then coalesce(rates.value, bounded.base_rate)
        else 1 / (1 + exp(-bounded.bounded_log_odds))
    end as probability,
    cast(bounded.evidence as double) / (bounded.evidence + 5)
    * case when bounded.is_fallback then 0.5 else 1 end as confidence,
    bounded.model_version,
    bounded.is_fallback
from bounded
left join {{ ref("int_personalize__prediction_terms") }} as rates
    on bounded.model_version = rates.model_version
    and bounded.recency_bucket = rates.term
    and rates.kind = 'bucket_rate'
