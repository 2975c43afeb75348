-- grain: one row per person who allows personalization and has a history, and prediction
with

rounded as (

    select
        profile_id,
        prediction,
        round(probability, 6) as score,
        round(confidence, 6) as confidence,
        model_version
    from {{ ref("int_personalize__prediction_scores") }}

)

select
    cast(profile_id as varchar) as profile_id,
    cast(prediction as varchar) as prediction,
    cast(score as double) as score,
    cast(
        round(100 * percent_rank() over (partition by prediction order by score), 2) as double
    ) as percentile,
    cast(confidence as double) as confidence,
    cast(model_version as varchar) as model_version,
    {{ personalize.as_of() }} as scored_at
from rounded
