{{
    config(
        materialized="incremental",
        unique_key=["released_at", "kind", "name"],
        full_refresh=false,
    )
}}
{%- set epsilon = personalize.setting("publish_epsilon") %}
{%- set days = personalize.setting("publish_every_days") | int %}

-- grain: one row per release with noise and aggregate; drawn once, stored for good
with

due as (

    {% if epsilon is none -%}
    select false as is_due
    {%- elif is_incremental() -%}
    select
        coalesce(max(released_at) <= {{ dbt.dateadd("day", -days, personalize.as_of()) }}, true)
        and coalesce(count(distinct released_at) * {{ epsilon }}, 0) + {{ epsilon }}
        <= {{ personalize.setting("publish_epsilon_total") }} as is_due
    from {{ this }}
    {%- else -%}
    select {{ epsilon }} <= {{ personalize.setting("publish_epsilon_total") }} as is_due
    {%- endif %}

)

select
    {{ personalize.as_of() }} as released_at,
    counts.kind,
    counts.name,
    case when counts.people + draws.noise > 0 then counts.people + draws.noise else 0 end as people,
    cast({{ epsilon if epsilon is not none else 0 }} as double) as epsilon
from {{ ref("int_personalize__publishable_counts") }} as counts
inner join {{ ref("int_personalize__noise_draws") }} as draws
    on counts.kind = draws.kind
    and counts.name = draws.name
cross join due
where due.is_due
    and {{ personalize.is_latest_run() }}
