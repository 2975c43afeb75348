-- grain: one row per account (source system and customer id) that any input names
with

customers as (

    select
        {{ personalize.account_of() }} as account,
        email,
        {{ personalize.normalized_phone("phone") }} as phone,
        {{ personalize.normalized_name("first_name") }} as first_name,
        birth_date
    from {{ ref("stg_personalize__customers") }}
    where is_current

),

first_versions as (

    select
        {{ personalize.account_of() }} as account,
        min(coalesce(created_at, updated_at)) as first_seen_at
    from {{ ref("stg_personalize__customers") }}
    group by 1

),

seen_accounts as (

    select
        account,
        min(email) as only_email,
        count(distinct email) as emails,
        min(first_seen_at) as first_seen_at
    from {{ ref("int_personalize__sightings") }}
    where account is not null
    group by account

),

all_accounts as (

    select account from first_versions
    union
    select account from seen_accounts

)

select
    all_accounts.account,
    customers.account is not null as is_customer,
    coalesce(customers.email, case when seen_accounts.emails = 1 then seen_accounts.only_email end) as email,
    customers.phone,
    customers.first_name,
    customers.birth_date,
    coalesce(first_versions.first_seen_at, seen_accounts.first_seen_at) as first_seen_at
from all_accounts
left join customers
    on all_accounts.account = customers.account
left join first_versions
    on all_accounts.account = first_versions.account
left join seen_accounts
    on all_accounts.account = seen_accounts.account
