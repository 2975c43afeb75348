{{
    config(
        materialized="incremental",
        unique_key="identifier_hash",
        full_refresh=false,
        post_hook="merge into {{ ref('int_personalize__likely_accounts').render() }} as kept
            using (
                select
                    coalesce(likely.identifier_hash, known.identifier_hash) as identifier_hash,
                    likely.profile_id,
                    likely.match_probability,
                    likely.erased_before,
                    likely.identifier_hash is null as is_gone
                from (
                    select nodes.identifier_hash, registry.profile_id, nodes.match_probability,
                        earlier.erased_at as erased_before
                    from {{ ref('int_personalize__identity_nodes').render() }} as nodes
                    inner join {{ this }} as registry
                        on nodes.identifier_hash = registry.identifier_hash
                    left join (
                        select own.person, max(erased.erased_at) as erased_at
                        from {{ ref('int_personalize__identity_nodes').render() }} as own
                        inner join {{ ref('int_personalize__erased_identifiers').render() }} as erased
                            on own.identifier_hash = erased.identifier_hash
                        group by own.person
                    ) as earlier on nodes.person = earlier.person
                    where nodes.identifier_type = 'account' and nodes.person in (
                        select alike.person
                        from {{ ref('int_personalize__identity_nodes').render() }} as alike
                        where alike.match_rule = 'similar'
                    )
                ) as likely
                full outer join {{ ref('int_personalize__likely_accounts').render() }} as known
                    on likely.identifier_hash = known.identifier_hash
                where {{ personalize.is_latest_run() }}
            ) as found
            on kept.identifier_hash = found.identifier_hash
            when matched and found.is_gone then delete
            when matched then update set
                profile_id = found.profile_id,
                match_probability = found.match_probability,
                erased_before = found.erased_before
            when not matched then
                insert (identifier_hash, profile_id, match_probability, erased_before)
                values (
                    found.identifier_hash, found.profile_id, found.match_probability, found.erased_before
                )",
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
