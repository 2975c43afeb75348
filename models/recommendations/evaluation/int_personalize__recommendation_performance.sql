-- grain: one row per way of making lists, metric and group it is judged for
with

decided as (

    select max(models.candidate) as candidate
    from {{ ref("personalize__model_registry") }} as registry
    inner join {{ ref("int_personalize__recommendation_models") }} as models
        on registry.model = models.model
        and registry.model_version = models.model_version
    where registry.decided_at = {{ personalize.as_of() }}

),

periods as (

    select
        min(cutoff_at) as evaluated_from,
        max(outcome_until) as evaluated_to
    from {{ ref("int_personalize__recommendation_windows") }}
    where window_number between 1 and {{ personalize.judged_windows() }}

),

measures as (

    select
        model,
        metric,
        population,
        value,
        value_low,
        value_high,
        observations
    from {{ ref("int_personalize__recommendation_measures") }}
    where model <> 'popularity'
    union all
    select
        'recommendation_ranker' as model,
        metric,
        'window 1' as population,
        value,
        value_low,
        value_high,
        observations
    from {{ ref("int_personalize__ranking_influences") }}

)

select
    measures.model,
    measures.metric,
    measures.population,
    measures.value,
    measures.value_low,
    measures.value_high,
    popularity.value as baseline_value,
    periods.evaluated_from,
    periods.evaluated_to,
    measures.observations,
    '{{ personalize.recommendation_version() }}' as model_version,
    coalesce(measures.model = decided.candidate, false) as is_promoted
from measures
left join {{ ref("int_personalize__recommendation_measures") }} as popularity
    on measures.metric = popularity.metric
    and measures.population = popularity.population
    and popularity.model = 'popularity'
cross join decided
cross join periods
