-- grain: one row per account and identifier (e-mail, phone) by which it may be matched
with

held as (

    select
        account,
        'email' as identifier_type,
        email as identifier
    from {{ ref("int_personalize__accounts") }}
    where email is not null
    union all
    select
        account,
        'phone' as identifier_type,
        phone as identifier
    from {{ ref("int_personalize__accounts") }}
    where phone is not null

),

unblocked as (

    select
        held.account,
        held.identifier_type,
        held.identifier
    from held
    left join {{ ref("personalize_blocked_identifiers") }} as blocked
        on held.identifier_type = blocked.identifier_type
        and held.identifier = blocked.identifier
    where blocked.identifier is null

)

select
    account,
    identifier_type,
    identifier,
    count(*) over (partition by identifier_type, identifier) as accounts,
    count(*) over (partition by identifier_type, identifier)
    <= {{ personalize.setting("max_records_per_identifier") }} as is_matchable
from unblocked
