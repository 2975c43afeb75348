-- grain: one row per anonymous id, with the one person who logged in on it
-- nobody where several people did
with

logins as (

    select
        sightings.anonymous_id,
        coalesce(persons.person, email_owners.person) as person,
        sightings.account,
        sightings.first_seen_at
    from {{ ref("int_personalize__sightings") }} as sightings
    left join {{ ref("int_personalize__persons") }} as persons
        on sightings.account = persons.account
    left join {{ ref("int_personalize__email_owners") }} as email_owners
        on sightings.email = email_owners.email
    where sightings.anonymous_id is not null

),

cookies as (

    select
        anonymous_id,
        min(person) as person,
        count(distinct person) as persons,
        count(distinct account) as accounts,
        min(first_seen_at) as first_seen_at
    from logins
    group by anonymous_id

)

select
    cookies.anonymous_id,
    case
        when cookies.persons = 1
            and cookies.accounts <= {{ personalize.setting("max_accounts_per_anonymous_id") }}
            then cookies.person
        else 'anonymous:' || cookies.anonymous_id
    end as person,
    cookies.persons,
    cookies.first_seen_at
from cookies
left join {{ ref("int_personalize__blocked_identifiers") }} as blocked
    on blocked.identifier_type = 'anonymous'
    and lower(cookies.anonymous_id) = blocked.identifier
where blocked.identifier is null
