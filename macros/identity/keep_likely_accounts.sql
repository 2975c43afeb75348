{#-
    The hook of the registry that brings int_personalize__likely_accounts to what this run publishes: the accounts of every
    person who holds somebody joined by likeness. One statement, so that a run that is killed leaves all of it or none.
    The text is a template itself, as a hook's must be: its tables are looked up when the registry is built.
-#}
{% macro keep_likely_accounts() -%}
{%- raw -%}
merge into {{ ref('personalize', 'int_personalize__likely_accounts').render() }} as kept
using (
    with

    erasures as (

        select
            nodes.person,
            max(erased.erased_at) as erased_before
        from {{ ref('personalize', 'int_personalize__identity_nodes').render() }} as nodes
        inner join {{ ref('personalize', 'int_personalize__erased_identifiers').render() }} as erased
            on nodes.identifier_hash = erased.identifier_hash
        group by nodes.person

    ),

    alike as (

        select distinct person
        from {{ ref('personalize', 'int_personalize__identity_nodes').render() }}
        where match_rule = 'similar'

    ),

    likely as (

        select
            nodes.identifier_hash,
            registry.profile_id,
            nodes.match_probability,
            erasures.erased_before
        from {{ ref('personalize', 'int_personalize__identity_nodes').render() }} as nodes
        inner join alike
            on nodes.person = alike.person
        inner join {{ this }} as registry
            on nodes.identifier_hash = registry.identifier_hash
        left join erasures
            on nodes.person = erasures.person
        where nodes.identifier_type = 'account'

    )

    select
        coalesce(likely.identifier_hash, known.identifier_hash) as identifier_hash,
        likely.profile_id,
        likely.match_probability,
        likely.erased_before,
        likely.identifier_hash is null as is_gone
    from likely
    full outer join {{ ref('personalize', 'int_personalize__likely_accounts').render() }} as known
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
    values (found.identifier_hash, found.profile_id, found.match_probability, found.erased_before)
{%- endraw -%}
{%- endmacro %}
