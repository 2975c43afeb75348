{#-
    CTEs that join accounts into persons, ending in `matched_persons` (account, person, match_rule): accounts that share an
    identifier and a label are one person, and so on from account to account. A person goes by its smallest account. Only
    accounts that share a matchable identifier have a row.
    match_keys and identity_labels: as the macros of these names make them.
-#}
{% macro matched_persons(match_keys, identity_labels) -%}
person_memberships as (

    select
        match_keys.account as node,
        match_keys.identifier_type || ':' || match_keys.identifier || '|' || labels.label as group_id,
        match_keys.identifier_type
    from {{ match_keys }} as match_keys
    inner join {{ identity_labels }} as labels
        on match_keys.account = labels.account
    where match_keys.is_matchable

),

{{ personalize.connected_components("person_components", "person_memberships") }},

email_matches as (

    select distinct members.node
    from (
        select
            node,
            count(*) over (partition by group_id) as accounts
        from person_memberships
        where identifier_type = 'email'
    ) as members
    where members.accounts > 1

),

matched_persons as (

    select
        person_components.node as account,
        person_components.component as person,
        case
            when person_components.component = person_components.node then 'account'
            when email_matches.node is not null then 'email'
            else 'phone'
        end as match_rule
    from person_components
    left join email_matches
        on person_components.node = email_matches.node

)
{%- endmacro %}


{#- How accounts are labelled and joined, as a digest of the SQL. -#}
{% macro joining_fingerprint() -%}
    '{{ local_md5(personalize.identity_labels("a", "k") ~ personalize.matched_persons("k", "l")) }}'
{%- endmacro %}
