-- grain: one row per window: what the cap on interactions per profile leaves out
{%- set cap = personalize.setting("interactions_per_profile") %}
select
    window_number,
    {{ cap }} as interactions_per_profile,
    count(distinct profile_id) as profiles,
    count(*) as interactions,
    count(distinct case when interaction_rank > {{ cap }} then profile_id end) as profiles_capped,
    count_if(interaction_rank > {{ cap }}) as interactions_left_out
from {{ ref("int_personalize__interactions") }}
where weight > 0
group by window_number
