-- grain: one row per erased identifier, with the consent that readmits its person, if any
with

typed_events as (

{{ personalize.typed_input("consent_events", [
    "event_id", "occurred_at", "recorded_at", "email", "source_system", "source_customer_id", "status",
]) }}

),

consent_events as (

    select
        event_id,
        occurred_at,
        email,
        {{ personalize.account_of() }} as account,
        status
    from typed_events
    where is_usable
        and coalesce(recorded_at, occurred_at) <= {{ personalize.as_of() }}

),

grants as (

    select
        email,
        account,
        occurred_at
    from consent_events
    where status in ('granted', 'confirmed')
        and event_id not in (
            select ambiguous.event_id
            from consent_events as ambiguous
            where ambiguous.status in ('withdrawn', 'denied', 'expired')
        )

),

granted_identifiers as (

    select
        {{ personalize.keyed_hash("'email:' || email") }} as identifier_hash,
        occurred_at
    from grants
    where email is not null
    union
    select
        {{ personalize.keyed_hash("'account:' || account") }} as identifier_hash,
        occurred_at
    from grants
    where account is not null

),

erased_people as (

    select
        person_key,
        max(erased_at) as erased_at
    from {{ ref("int_personalize__erased_identifiers") }}
    group by person_key

),

readmissions as (

    select
        erased_people.person_key,
        min(granted_identifiers.occurred_at) as readmitted_at
    from erased_people
    inner join {{ ref("int_personalize__erased_identifiers") }} as identifiers
        on erased_people.person_key = identifiers.person_key
    inner join granted_identifiers
        on identifiers.identifier_hash = granted_identifiers.identifier_hash
        and erased_people.erased_at < granted_identifiers.occurred_at
    group by erased_people.person_key

)

select
    identifiers.identifier_hash,
    identifiers.person_key,
    erased_people.erased_at,
    identifiers.erased_with,
    identifiers.match_probability,
    readmissions.readmitted_at
from {{ ref("int_personalize__erased_identifiers") }} as identifiers
inner join erased_people
    on identifiers.person_key = erased_people.person_key
left join readmissions
    on identifiers.person_key = readmissions.person_key
