-- grain: one row per look-alike segment and person it is to be like, of whom there is a vector
-- depends_on: {{ ref("int_personalize__own_facts") }}
{%- for id, seed in personalize.lookalike_segments().items() %}
select
    facts.profile_id,
    '{{ id }}' as segment_id
from {{ ref("int_personalize__own_facts") }} as facts
where {{ seed.condition }}
    and facts.profile_id in (
        select vectors.profile_id from {{ ref("personalize__profile_vectors") }} as vectors
    )
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
select
    profile_id,
    cast(null as varchar) as segment_id
from {{ ref("personalize__profile_vectors") }}
where false
{%- endfor %}
