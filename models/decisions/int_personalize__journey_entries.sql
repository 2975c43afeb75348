-- grain: one row per profile, journey and time it began; what ended it, if it has
with

events as (

    select
        profile_id,
        event,
        occurred_at,
        amount
    from {{ ref("int_personalize__journey_events") }}

),
{% for id, journey in personalize.journeys().items() %}
{{ id }}__starts as (

    {{ personalize.journey_starts(journey) | indent(4) }}

),

{{ id }}__begun as (

    {{ personalize.journey_beginnings(journey, id ~ "__starts") | indent(4) }}

),
{% endfor %}
begun as (

    {%- for id, journey in personalize.journeys().items() %}
    select
        profile_id,
        '{{ id }}' as journey_id,
        begun_at
    from {{ id }}__begun
    where {{ personalize.is_remembered(journey) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        profile_id,
        cast(null as varchar) as journey_id,
        occurred_at as begun_at
    from events
    where false
    {%- endfor %}

),

ends as (

    {{ personalize.journey_ends() | indent(4) }}

)

select
    begun.profile_id,
    begun.journey_id,
    begun.begun_at,
    events.occurred_at as ended_at,
    case when events.occurred_at is not null then ends.end_reason end as end_reason
from begun
left join ends
    on begun.journey_id = ends.journey_id
left join events
    on begun.profile_id = events.profile_id
    and ends.event = events.event
    and begun.begun_at < events.occurred_at
qualify
    row_number() over (
        partition by begun.profile_id, begun.journey_id, begun.begun_at
        order by events.occurred_at nulls last, ends.end_reason, events.event
    ) = 1
