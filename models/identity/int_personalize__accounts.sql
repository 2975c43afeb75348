-- grain: one row per account (source system and customer id) that any input names
with

customers as (

    select
        {{ personalize.account_of() }} as account,
        email,
        phone,
        first_name,
        birth_date
    from {{ ref("stg_personalize__customers") }}
    where is_current

),

{{ personalize.known_accounts("customers", ref("int_personalize__sightings")) }},

first_versions as (

    select
        {{ personalize.account_of() }} as account,
        min(coalesce(created_at, updated_at)) as first_seen_at
    from {{ ref("stg_personalize__customers") }}
    group by account

),

first_sightings as (

    select
        account,
        min(first_seen_at) as first_seen_at
    from {{ ref("int_personalize__sightings") }}
    where account is not null
    group by account

)

select
    known_accounts.account,
    known_accounts.is_customer,
    known_accounts.email,
    known_accounts.phone,
    known_accounts.first_name,
    known_accounts.birth_date,
    {{ personalize.earlier_of("first_versions.first_seen_at", "first_sightings.first_seen_at") }}
        as first_seen_at
from known_accounts
left join first_versions
    on known_accounts.account = first_versions.account
left join first_sightings
    on known_accounts.account = first_sightings.account
