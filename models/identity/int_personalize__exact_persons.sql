{{ config(**personalize.kept_table("account", "content_hash is null")) }}

{%- set keys = ref("int_personalize__match_keys") %}
-- grain: one row per account that shares an identifier with another one, with its component, its
-- label and the person (the smallest account of its matches) it belongs to by them
-- joined anew are only components in which something changed
with

sharing as (

    select
        match_keys.account,
        {{ personalize.fingerprint([
            "max(case match_keys.identifier_type when 'email' then match_keys.identifier end)",
            "max(case match_keys.identifier_type when 'phone' then match_keys.identifier end)",
            "max(accounts.first_name)", "max(accounts.birth_date)", personalize.joining_fingerprint(),
        ]) }} as content_hash
    from {{ keys }} as match_keys
    inner join {{ ref("int_personalize__accounts") }} as accounts
        on match_keys.account = accounts.account
    where match_keys.is_matchable
    group by match_keys.account

),

{{ personalize.moved_rows("sharing", this if is_incremental() else none, []) }},

{% if is_incremental() -%}
moved_identifiers as (

    select distinct
        match_keys.identifier_type,
        match_keys.identifier
    from {{ keys }} as match_keys
    inner join moved_rows
        on match_keys.account = moved_rows.account
    where match_keys.is_matchable

),

reached_accounts as (

    select account
    from moved_rows
    union
    select match_keys.account
    from {{ keys }} as match_keys
    inner join moved_identifiers
        on match_keys.identifier_type = moved_identifiers.identifier_type
        and match_keys.identifier = moved_identifiers.identifier

),

reached_components as (

    select distinct known.component
    from {{ this }} as known
    inner join reached_accounts
        on known.account = reached_accounts.account

),

reached_members as (

    select account
    from reached_accounts
    union
    select known.account
    from {{ this }} as known
    inner join reached_components
        on known.component = reached_components.component

),

{% endif -%}
reached_sharing as (

    select sharing.*
    from sharing
    {%- if is_incremental() %}
    inner join reached_members
        on sharing.account = reached_members.account
    {%- endif %}

),

reached_keys as (

    select match_keys.*
    from {{ keys }} as match_keys
    inner join reached_sharing
        on match_keys.account = reached_sharing.account
    where match_keys.is_matchable

),

reached as (

    select
        accounts.account,
        accounts.first_name,
        accounts.birth_date
    from {{ ref("int_personalize__accounts") }} as accounts
    inner join reached_sharing
        on accounts.account = reached_sharing.account

),

{{ personalize.identity_labels("reached", "reached_keys") }},

{{ personalize.matched_persons("reached_keys", "identity_labels") }}

select
    labels.account,
    labels.component,
    labels.has_conflict,
    labels.label,
    matched_persons.person,
    matched_persons.match_rule,
    reached_sharing.content_hash
from identity_labels as labels
inner join matched_persons
    on labels.account = matched_persons.account
inner join reached_sharing
    on labels.account = reached_sharing.account
{%- if is_incremental() %}
union all
select
    account,
    cast(null as varchar) as component,
    cast(null as boolean) as has_conflict,
    cast(null as varchar) as label,
    cast(null as varchar) as person,
    cast(null as varchar) as match_rule,
    cast(null as varchar) as content_hash
from moved_rows
where content_hash is null
{%- endif %}
