-- grain: one row per look-alike segment and person it is to be like, of whom there is a vector
with

members as (

    {{ personalize.members(ref("int_personalize__own_facts"), personalize.lookalike_segments()) }}

)

select
    members.profile_id,
    members.segment_id
from members
inner join {{ ref("personalize__profile_vectors") }} as vectors
    on members.profile_id = vectors.profile_id
