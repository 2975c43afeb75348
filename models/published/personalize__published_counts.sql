{%- set is_noisy = personalize.setting("publish_epsilon") is not none %}
-- grain: one row per aggregate that may be shown to anybody
with

counts as (

    {% if is_noisy -%}
    select
        kind,
        name,
        people,
        released_at
    from {{ ref("int_personalize__published_releases") }}
    where released_at <= {{ personalize.as_of() }}
    qualify released_at = max(released_at) over ()
    {%- else -%}
    select
        kind,
        name,
        people,
        {{ personalize.as_of() }} as released_at
    from {{ ref("int_personalize__publishable_counts") }}
    {%- endif %}

)

select
    cast(kind as varchar) as kind,
    cast(name as varchar) as name,
    cast(people as bigint) as people,
    cast({{ is_noisy | lower }} as boolean) as is_noisy,
    cast(released_at as timestamp) as released_at
from counts
where people >= {{ personalize.setting("publish_min_people") }}
