-- grain: one row per ordered pair of segments that share somebody today
with

sizes as (

    select
        segment_id,
        count(*) as people
    from {{ ref("personalize__segments") }}
    group by 1

),

shared as (

    select
        segments.segment_id,
        others.segment_id as other_segment_id,
        count(*) as people
    from {{ ref("personalize__segments") }} as segments
    inner join {{ ref("personalize__segments") }} as others
        on segments.profile_id = others.profile_id
    where segments.segment_id <> others.segment_id
    group by 1, 2

)

select
    cast(shared.segment_id as varchar) as segment_id,
    cast(shared.other_segment_id as varchar) as other_segment_id,
    cast(shared.people as bigint) as people,
    cast(round(cast(shared.people as double) / sizes.people, 6) as double) as share,
    cast(
        round(
            cast(shared.people as double) / (sizes.people + other_sizes.people - shared.people), 6
        ) as double
    ) as similarity
from shared
inner join sizes
    on shared.segment_id = sizes.segment_id
inner join sizes as other_sizes
    on shared.other_segment_id = other_sizes.segment_id
