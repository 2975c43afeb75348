{{ config(materialized="incremental", unique_key="identifier_hash", full_refresh=false) }}

-- grain: one row per identifier ever seen, as keyed hash, with the profile it was last given to
with

{{ personalize.assigned_profile_ids(this if is_incremental() else none) }}

select
    nodes.identifier_hash,
    assigned.profile_id,
    {%- if is_incremental() %}
    known.profile_id as previous_profile_id,
    {%- else %}
    cast(null as varchar) as previous_profile_id,
    {%- endif %}
    {{ personalize.as_of() }} as changed_at
from {{ ref("int_personalize__identity_nodes") }} as nodes
inner join assigned
    on nodes.person = assigned.person
{%- if is_incremental() %}
left join {{ this }} as known
    on nodes.identifier_hash = known.identifier_hash
{%- endif %}
where {{ personalize.is_latest_run() }}
{%- if is_incremental() %}
    and (known.identifier_hash is null or known.profile_id <> assigned.profile_id)
{%- endif %}
