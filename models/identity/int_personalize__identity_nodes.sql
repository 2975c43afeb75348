-- grain: one row per identifier (account, e-mail, anonymous id), with its person and when it was
-- first seen
with

nodes as (

    select
        'account' as identifier_type,
        account as identifier,
        person,
        match_rule,
        match_probability,
        first_seen_at
    from {{ ref("int_personalize__persons") }}
    union all
    select
        'email' as identifier_type,
        email as identifier,
        person,
        case when person = 'email:' || email then 'account' else 'email' end as match_rule,
        cast(1 as double) as match_probability,
        first_seen_at
    from {{ ref("int_personalize__email_owners") }}
    union all
    select
        'anonymous' as identifier_type,
        anonymous_id as identifier,
        person,
        case when person = 'anonymous:' || anonymous_id then 'account' else 'login' end
            as match_rule,
        cast(1 as double) as match_probability,
        first_seen_at
    from {{ ref("int_personalize__cookie_owners") }}

)

select
    identifier_type,
    identifier,
    {{ personalize.keyed_hash("identifier_type || ':' || identifier") }} as identifier_hash,
    person,
    case match_rule when 'account' then 'own_' || identifier_type else match_rule end as match_rule,
    match_probability,
    first_seen_at,
    row_number() over (
        partition by person
        order by first_seen_at nulls last, identifier_type, identifier
    ) as seniority
from nodes
