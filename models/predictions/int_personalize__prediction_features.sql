{%- set methods = personalize.imputation() %}
-- grain: one row per cutoff and person with an order or a visit before it (past cutoffs: sampled)
with

stand_ins as (

    select
        {%- for feature in methods %}
        max(case when feature = '{{ feature }}' then value end) as {{ feature }},
        {%- endfor %}
        neighbourhood
    from {{ ref("int_personalize__imputed_values") }}
    group by neighbourhood

),

complete as (

    select
        known.window_number,
        known.cutoff_at,
        known.profile_id,
        known.days_since_order,
        {%- for feature in personalize.measured_features() %}
        {%- if feature in methods %}
        coalesce(known.{{ feature }}, near.{{ feature }}, everybody.{{ feature }}, 0)
            as {{ feature }},
        case when known.{{ feature }} is null then 1 else 0 end as {{ feature }}_was_missing,
        {%- else %}
        coalesce(known.{{ feature }}, 0) as {{ feature }},
        {%- endif %}
        {%- endfor %}
        known.evidence
    from {{ ref("int_personalize__known_features") }} as known
    left join stand_ins as near
        on known.neighbourhood = near.neighbourhood
    left join stand_ins as everybody
        on everybody.neighbourhood = ''

)

select
    complete.window_number,
    complete.cutoff_at,
    complete.profile_id,
    case
        when complete.days_since_order is null then 'never'
        when complete.days_since_order <= 7 then '7 days'
        when complete.days_since_order <= 14 then '14 days'
        when complete.days_since_order <= 28 then '28 days'
        when complete.days_since_order <= 56 then '56 days'
        when complete.days_since_order <= 90 then '90 days'
        when complete.days_since_order <= 180 then '180 days'
        else 'longer'
    end as recency_bucket,
    coalesce(
        complete.days_since_order <= {{ personalize.setting("churn_active_days") }}, false
    ) as is_active,
    {%- for feature in personalize.measured_features() %}
    complete.{{ feature }},
    {%- endfor %}
    {%- for feature, expression in personalize.derived_features().items() %}
    cast(round({{ expression }}, 6) as double) as {{ feature }},
    {%- endfor %}
    {%- for feature in methods %}
    cast(complete.{{ feature }}_was_missing as double) as {{ feature }}_was_missing,
    {%- endfor %}
    complete.evidence
from complete
