-- grain: one row per profile that has an address to write to
with

candidates as (

    select
        customers.profile_id,
        customers.email,
        customers.updated_at,
        1 as closeness
    from {{ ref("int_personalize__resolved_customers") }} as customers
    left join {{ ref("personalize_blocked_identifiers") }} as blocked
        on blocked.identifier_type = 'email'
        and customers.email = blocked.identifier
    where customers.email is not null
        and blocked.identifier is null
    union all
    select
        profile_id,
        identifier as email,
        first_seen_at as updated_at,
        2 as closeness
    from {{ ref("int_personalize__identity_map") }}
    where identifier_type = 'email'

)

select
    profile_id,
    email
from candidates
qualify row_number() over (
    partition by profile_id
    order by closeness, updated_at desc nulls last, email
) = 1
