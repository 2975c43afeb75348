{{
    config(
        materialized="incremental",
        unique_key="identifier_hash",
        full_refresh=false,
        post_hook=personalize.keep_likely_accounts(),
    )
}}

-- depends_on: {{ ref("int_personalize__likely_accounts") }}
-- depends_on: {{ ref("int_personalize__erased_identifiers") }}
-- depends_on: {{ ref("int_personalize__refusals") }}
-- afterwards int_personalize__likely_accounts says who of them was joined by likeness
-- grain: one row per identifier ever seen, as keyed hash, with the profile it was last given to
-- who was published as one with somebody who was erased gets a new id: the old one is gone
with

{% if is_incremental() -%}
erased as (

    select distinct likely.profile_id
    from {{ ref("int_personalize__likely_accounts") }} as likely
    inner join {{ ref("int_personalize__refusals") }} as refusals
        on likely.identifier_hash = refusals.identifier_hash
    where refusals.readmitted_at is null

),

{{ personalize.assigned_profile_ids(this, "erased") }}
{%- else -%}
{{ personalize.assigned_profile_ids(none) }}
{%- endif %}

select
    nodes.identifier_hash,
    assigned.profile_id,
    {%- if is_incremental() %}
    case when erased.profile_id is null then known.profile_id end as previous_profile_id,
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
left join erased
    on known.profile_id = erased.profile_id
{%- endif %}
where {{ personalize.is_latest_run() }}
{%- if is_incremental() %}
    and (known.identifier_hash is null or known.profile_id <> assigned.profile_id)
{%- endif %}
