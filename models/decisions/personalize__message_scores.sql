-- grain: one row per profile that allows personalization and rule that hit it
with

weights as (

    select
        goal,
        {{ personalize.weights_by_component() | indent(8) }}
    from {{ ref("personalize_scoring_weights") }}
    group by 1

),

weighed as (

    select
        hits.profile_id,
        hits.rule_id,
        goals.goal,
        {{ personalize.weighed_components() | indent(8) }}
    from {{ ref("int_personalize__trigger_hits") }} as hits
    inner join {{ ref("int_personalize__rule_goals") }} as goals
        on hits.rule_id = goals.rule_id
    inner join weights
        on goals.goal = weights.goal
    inner join {{ ref("int_personalize__score_components") }} as components
        on hits.profile_id = components.profile_id

)

select
    cast(profile_id as varchar) as profile_id,
    cast(rule_id as varchar) as rule_id,
    cast(goal as varchar) as goal,
    cast(
        case when weight_sum > 0 then round(weighted_sum / weight_sum, 6) else 0 end as double
    ) as score,
    {{ personalize.typed_components() | indent(4) }}
from weighed
