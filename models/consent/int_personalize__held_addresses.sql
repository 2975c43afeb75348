-- grain: one row per profile and e-mail address it holds or held
with

addresses as (

    select
        {{ personalize.account_of() }} as account,
        email
    from {{ ref("stg_personalize__customers") }}
    where email is not null
    union
    select
        account,
        email
    from {{ ref("int_personalize__sightings") }}
    where email is not null

),

holdings as (

    select
        identity_map.profile_id,
        addresses.email
    from addresses
    inner join {{ ref("int_personalize__identity_map") }} as identity_map
        on identity_map.identifier_type = 'account'
        and addresses.account = identity_map.identifier
    union
    select
        profile_id,
        identifier as email
    from {{ ref("int_personalize__identity_map") }}
    where identifier_type = 'email'

)

select
    profile_id,
    email
from holdings
