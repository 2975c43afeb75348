-- grain: one row per cutoff: as_of (window 0) and the finished windows before it, the latest first
{%- set horizon = personalize.setting("prediction_horizon_days") | int %}
{%- set last_window = personalize.setting("prediction_training_windows") | int + 1 %}

with

numbered as (

    {% for number in range(last_window + 1) -%}
    select
        {{ number }} as window_number,
        {{ dbt.dateadd("day", -horizon * number, personalize.as_of()) }} as cutoff_at,
        {{ dbt.dateadd("day", -horizon * (number - 1), personalize.as_of()) }} as label_until
    {{ "union all" if not loop.last }}
    {% endfor %}

),

history as (

    select min(ordered_at) as first_ordered_at
    from {{ ref("int_personalize__purchases") }}
    where profile_id is not null

)

select
    numbered.window_number,
    case numbered.window_number
        when 0 then 'scoring'
        when 1 then 'evaluation'
        else 'training'
    end as window_role,
    cast(numbered.cutoff_at as timestamp) as cutoff_at,
    cast(numbered.label_until as timestamp) as label_until
from numbered
cross join history
where numbered.window_number = 0 or numbered.cutoff_at > history.first_ordered_at
