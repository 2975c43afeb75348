-- Promise 2: no person by exact identifiers holds two accounts with different first names or birth
-- dates, and likeness joins nobody with somebody of another birth date at the same mailbox or
-- phone.
with

members as (

    select
        coalesce(exact_persons.person, accounts.account) as exact_person,
        identity_map.profile_id,
        coalesce(exact_persons.component, accounts.account) as component,
        accounts.first_name,
        accounts.birth_date
    from {{ ref("int_personalize__identity_map") }} as identity_map
    inner join {{ ref("int_personalize__accounts") }} as accounts
        on identity_map.identifier_type = 'account'
        and identity_map.identifier = accounts.account
    left join {{ ref("int_personalize__exact_persons") }} as exact_persons
        on accounts.account = exact_persons.account

)

select
    'person by exact identifiers' as joined_as,
    exact_person as subject
from members
group by exact_person
having count(distinct first_name) > 1 or count(distinct birth_date) > 1
union all
select
    'profile within a mailbox or phone' as joined_as,
    profile_id as subject
from members
group by profile_id, component
having count(distinct birth_date) > 1
union all
select
    'two profiles of one person' as joined_as,
    exact_person as subject
from members
group by exact_person
having count(distinct profile_id) > 1
