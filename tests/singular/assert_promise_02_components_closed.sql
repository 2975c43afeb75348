-- Promise 2: the joining of accounts came to its end. No two accounts that share a matchable
-- identifier lie in different components, no two that share a label as well are different
-- persons, and a person is one profile and no other.
with

members as (

    select
        match_keys.identifier_type,
        match_keys.identifier,
        match_keys.account,
        exact_persons.component,
        exact_persons.label,
        persons.person
    from {{ ref("int_personalize__match_keys") }} as match_keys
    left join {{ ref("int_personalize__exact_persons") }} as exact_persons
        on match_keys.account = exact_persons.account
    inner join {{ ref("int_personalize__persons") }} as persons
        on match_keys.account = persons.account
    where match_keys.is_matchable

),

nodes as (

    select
        nodes.person,
        identity_map.profile_id
    from {{ ref("int_personalize__identity_nodes") }} as nodes
    left join {{ ref("int_personalize__identity_map") }} as identity_map
        on nodes.identifier_hash = identity_map.identifier_hash

)

select
    'component' as left_open,
    identifier_type || ':' || identifier as subject
from members
group by identifier_type, identifier
having count(distinct component) <> 1 or count(component) < count(*)
union all
select
    'person' as left_open,
    identifier_type || ':' || identifier || '|' || label as subject
from members
group by identifier_type, identifier, label
having count(distinct person) > 1
union all
select
    'profiles of a person' as left_open,
    person as subject
from nodes
group by person
having count(distinct profile_id) <> 1 or count(*) <> count(profile_id)
union all
select
    'persons of a profile' as left_open,
    profile_id as subject
from nodes
group by profile_id
having count(distinct person) <> 1
