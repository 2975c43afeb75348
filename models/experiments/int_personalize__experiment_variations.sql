{%- set rows = [] %}
{%- for id, experiment in personalize.experiments().items() %}
{%- set upper = namespace(share=0) %}
{%- for variation, share in experiment.variations.items() %}
{%- set lower = upper.share %}
{%- set upper.share = 1 if loop.last else (upper.share + share) | round(9) %}
{%- do rows.append([id, experiment, variation, share, lower, upper.share, loop.index]) %}
{%- endfor %}
{%- endfor -%}
-- grain: one row per declared experiment and variation
with

declared as (

    {%- for id, experiment, variation, share, lower, upper, position in rows %}
    select
        '{{ id }}' as experiment_id,
        '{{ variation }}' as variation_id,
        {{ position }} as position,
        {{ "true" if variation == experiment.baseline else "false" }} as is_baseline,
        {{ share }} as share,
        {{ lower }} as share_from,
        {{ upper }} as share_to,
        {{ "true" if experiment.enabled else "false" }} as is_enabled,
        {{ personalize.timestamp_or_null(experiment.starts_at) }} as starts_at,
        {{ personalize.timestamp_or_null(experiment.ends_at) }} as ends_at
    {{ "union all" if not loop.last }}
    {%- else %}
    select
        null as experiment_id,
        null as variation_id,
        0 as position,
        false as is_baseline,
        0 as share,
        0 as share_from,
        0 as share_to,
        false as is_enabled,
        {{ personalize.timestamp_or_null(none) }} as starts_at,
        {{ personalize.timestamp_or_null(none) }} as ends_at
    where false
    {%- endfor %}

)

select
    cast(experiment_id as varchar) as experiment_id,
    cast(variation_id as varchar) as variation_id,
    cast(position as bigint) as position,
    cast(share as double) as share,
    cast(share_from as double) as share_from,
    cast(share_to as double) as share_to,
    is_baseline,
    is_enabled
    and coalesce(starts_at <= {{ personalize.as_of() }}, true)
    and coalesce(ends_at > {{ personalize.as_of() }}, true) as is_running,
    starts_at,
    ends_at
from declared
