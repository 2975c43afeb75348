-- grain: one row per profile that has an address to write to
-- an address that an account has given up is none
with

candidates as (

    select
        customers.profile_id,
        customers.email,
        customers.updated_at,
        1 as closeness
    from {{ ref("int_personalize__resolved_customers") }} as customers
    left join {{ ref("int_personalize__blocked_identifiers") }} as blocked
        on blocked.identifier_type = 'email'
        and customers.email = blocked.identifier
    where customers.email is not null
        and blocked.identifier is null
    union all
    select
        identity_map.profile_id,
        identity_map.identifier as email,
        identity_map.first_seen_at as updated_at,
        2 as closeness
    from {{ ref("int_personalize__identity_map") }} as identity_map
    left join {{ ref("stg_personalize__customers") }} as former
        on identity_map.identifier = former.email
    where identity_map.identifier_type = 'email'
        and former.email is null

)

select
    profile_id,
    email
from candidates
qualify row_number() over (
        partition by profile_id
        order by closeness, updated_at desc nulls last, email
    ) = 1
