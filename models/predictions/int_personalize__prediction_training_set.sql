-- grain: one row per finished window and sampled person with an order or a visit before its cutoff
select
    features.window_number,
    features.profile_id,
    cast(case when labels.profile_id is not null then 1 else 0 end as double) as purchase,
    cast(
        case
            when not features.is_active then null
            when labels.profile_id is null then 1
            else 0
        end as double
    ) as churn,
    {%- for feature in personalize.prediction_features() %}
    features.{{ feature }},
    {%- endfor %}
    features.recency_bucket
from {{ ref("int_personalize__prediction_features") }} as features
left join {{ ref("int_personalize__prediction_labels") }} as labels
    on features.window_number = labels.window_number
    and features.profile_id = labels.profile_id
where features.window_number > 0
