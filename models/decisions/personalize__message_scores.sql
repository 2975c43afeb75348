{%- set components = personalize.score_components() -%}
-- grain: one row per profile that allows personalization and rule that hit it
with

weights as (

    select
        goal,
        {%- for component in components %}
        coalesce(max(case when component = '{{ component }}' then weight end), 0)
            as {{ component }}_weight{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref("personalize_scoring_weights") }}
    group by 1

),

weighed as (

    select
        hits.profile_id,
        hits.rule_id,
        goals.goal,
        components.{{ components | join(",\n        components.") }},
        weights.{{ components | join("_weight,\n        weights.") }}_weight,
        {%- for component in components %}
        components.{{ component }} * weights.{{ component }}_weight{{ " +" if not loop.last }}
        {%- endfor %} as weighted_sum,
        {%- for component in components %}
        weights.{{ component }}_weight{{ " +" if not loop.last }}
        {%- endfor %} as weight_sum
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
    {%- for component in components %}
    cast({{ component }} as double) as {{ component }},
    cast({{ component }}_weight as double) as {{ component }}_weight{{ "," if not loop.last }}
    {%- endfor %}
from weighed
