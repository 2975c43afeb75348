-- grain: one row per cutoff and person with an order or a visit before it (past cutoffs: sampled)
select
    window_number,
    cutoff_at,
    profile_id,
    case
        when days_since_order is null then 'never'
        when days_since_order <= 7 then '7 days'
        when days_since_order <= 14 then '14 days'
        when days_since_order <= 28 then '28 days'
        when days_since_order <= 56 then '56 days'
        when days_since_order <= 90 then '90 days'
        when days_since_order <= 180 then '180 days'
        else 'longer'
    end as recency_bucket,
    coalesce(
        days_since_order <= {{ personalize.setting("churn_active_days") }}, false
    ) as is_active,
    {%- for feature, expression in personalize.prediction_features().items() %}
    cast(round({{ expression }}, 6) as double) as {{ feature }},
    {%- endfor %}
    orders + visits as evidence
from {{ ref("int_personalize__prediction_measures") }}
