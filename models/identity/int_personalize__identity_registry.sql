{{
    config(
        materialized="incremental",
        unique_key="identifier_hash",
        full_refresh=false,
        post_hook=[
            "delete from {{ ref('int_personalize__likely_accounts').render() }} where {{ personalize.is_latest_run() }}",
            "insert into {{ ref('int_personalize__likely_accounts').render() }} (identifier_hash, profile_id, match_probability, erased_before)
            select nodes.identifier_hash, registry.profile_id, nodes.match_probability, earlier.erased_at
            from {{ ref('int_personalize__identity_nodes').render() }} as nodes
            inner join {{ this }} as registry on nodes.identifier_hash = registry.identifier_hash
            left join (
                select own.person, max(erased.erased_at) as erased_at
                from {{ ref('int_personalize__identity_nodes').render() }} as own
                inner join {{ ref('int_personalize__erased_identifiers').render() }} as erased
                    on own.identifier_hash = erased.identifier_hash
                group by own.person
            ) as earlier on nodes.person = earlier.person
            where nodes.identifier_type = 'account' and {{ personalize.is_latest_run() }} and nodes.person in (
                select alike.person from {{ ref('int_personalize__identity_nodes').render() }} as alike
                where alike.match_rule = 'similar'
            )",
        ],
    )
}}

-- depends_on: {{ ref("int_personalize__likely_accounts") }}
-- depends_on: {{ ref("int_personalize__erased_identifiers") }}
-- afterwards int_personalize__likely_accounts says who of them was joined by likeness
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
