{%- set destinations = personalize.setting("third_party_destinations") %}
-- grain: one row per destination that is a third party and person in the audience it must not get
with

destinations as (

    {% for destination in destinations -%}
    select {{ personalize.text_literal(destination) }} as esp
    {{ "union" if not loop.last }}
    {%- else -%}
    select cast(null as varchar) as esp
    {%- endfor %}

)

select
    destinations.esp,
    candidates.external_id
from {{ ref("int_personalize__audience_candidates") }} as candidates
inner join {{ ref("int_personalize__permissions") }} as permissions
    on candidates.profile_id = permissions.profile_id
cross join destinations
where destinations.esp is not null
    and not permissions.can_use_third_party
