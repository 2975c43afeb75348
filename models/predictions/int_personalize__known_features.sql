-- grain: one row per cutoff and person with an order or a visit before it (past cutoffs: sampled)
with

known as (

    select
        window_number,
        cutoff_at,
        profile_id,
        days_since_order,
        {%- for feature, expression in personalize.measured_features().items() %}
        cast(round({{ expression }}, 6) as double) as {{ feature }},
        {%- endfor %}
        orders + visits as evidence
    from {{ ref("int_personalize__prediction_measures") }}

)

select
    known.window_number,
    known.cutoff_at,
    known.profile_id,
    known.days_since_order,
    cast(cast(round(known.tenure) as bigint) as varchar) || ' '
    || coalesce(cast(cast(round(known.order_recency) as bigint) as varchar), 'never')
        as neighbourhood,
    {%- for feature in personalize.measured_features() %}
    known.{{ feature }},
    {%- endfor %}
    known.evidence
from known
