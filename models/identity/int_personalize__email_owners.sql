-- grain: one row per e-mail address, with the person whom records without an account belong to
with

addresses as (

    select
        email,
        {{ personalize.account_of() }} as account,
        case when is_current then 1 else 2 end as closeness
    from {{ ref("stg_personalize__customers") }}
    where email is not null
    union
    select
        email,
        account,
        1 as closeness
    from {{ ref("int_personalize__accounts") }}
    where email is not null
    union
    select
        email,
        account,
        3 as closeness
    from {{ ref("int_personalize__sightings") }}
    where email is not null

),

holders as (

    select
        addresses.email,
        persons.person,
        addresses.closeness,
        min(persons.first_seen_at) as first_seen_at
    from addresses
    inner join {{ ref("int_personalize__persons") }} as persons
        on addresses.account = persons.account
    group by addresses.email, persons.person, addresses.closeness

),

ranked as (

    select
        email,
        person,
        closeness,
        row_number() over (partition by email order by closeness, first_seen_at, person) as place,
        count(*) over (partition by email, closeness) as rivals
    from holders

),

all_addresses as (

    select distinct email
    from addresses

),

first_sightings as (

    select
        email,
        min(first_seen_at) as first_seen_at
    from {{ ref("int_personalize__sightings") }}
    where email is not null
    group by email

)

select
    all_addresses.email,
    coalesce(ranked.person, 'email:' || all_addresses.email) as person,
    coalesce(ranked.closeness, 0) as closeness,
    first_sightings.first_seen_at
from all_addresses
left join ranked
    on all_addresses.email = ranked.email
    and ranked.place = 1
    and (ranked.closeness = 1 or ranked.rivals = 1)
left join first_sightings
    on all_addresses.email = first_sightings.email
left join {{ ref("int_personalize__blocked_identifiers") }} as blocked
    on blocked.identifier_type = 'email'
    and all_addresses.email = blocked.identifier
where blocked.identifier is null
