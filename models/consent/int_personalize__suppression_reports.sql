-- grain: one row per address and report for which nothing more may be sent to it
with

kinds_of_address as (

    select distinct
        held.email,
        case when roles.local_part is not null then 'role_address' else 'disposable_address' end
            as reason,
        coalesce(
            'personalize_role_addresses:' || roles.local_part,
            'personalize_disposable_domains:' || domains.domain
        ) as evidence_event_id
    from {{ ref("int_personalize__held_addresses") }} as held
    left join {{ ref("personalize_role_addresses") }} as roles
        on split_part(held.email, '@', 1) = roles.local_part
    left join {{ ref("personalize_disposable_domains") }} as domains
        on split_part(held.email, '@', 2) = domains.domain
    where roles.local_part is not null
        or domains.domain is not null

),

held as (

    select
        email,
        {{ personalize.keyed_hash("'email:' || email") }} as identifier_hash
    from {{ ref("int_personalize__held_addresses") }}
    group by email

)

select
    email,
    reason,
    suppressed_at,
    evidence_event_id
from {{ ref("int_personalize__address_reports") }}
union
select
    held.email,
    remembered.reason,
    remembered.suppressed_at,
    remembered.evidence_event_id
from held
inner join {{ ref("int_personalize__suppressed_addresses") }} as remembered
    on held.identifier_hash = remembered.identifier_hash
    and remembered.suppressed_at <= {{ personalize.as_of() }}
union
select
    email,
    reason,
    cast('{{ personalize.setting("earliest_plausible_time") }}' as timestamp) as suppressed_at,
    evidence_event_id
from kinds_of_address
