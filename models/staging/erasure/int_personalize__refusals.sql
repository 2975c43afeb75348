-- grain: one row per erased identifier, with the consent that readmits its person where there is one
with

grants as (

    select
        email,
        {{ personalize.account_of() }} as account,
        occurred_at
    from (
        {{ personalize.typed_input("consent_events", ["email", "source_system", "source_customer_id", "status", "occurred_at"]) }}
    ) as consent_events
    where status in ('granted', 'confirmed')
        and occurred_at <= {{ personalize.as_of() }}

),

granted_identifiers as (

    select distinct
        {{ personalize.keyed_hash("'email:' || email") }} as identifier_hash,
        occurred_at
    from grants
    where email is not null
    union
    select distinct
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
        and granted_identifiers.occurred_at > erased_people.erased_at
    group by erased_people.person_key

)

select
    identifiers.identifier_hash,
    identifiers.person_key,
    erased_people.erased_at,
    readmissions.readmitted_at
from {{ ref("int_personalize__erased_identifiers") }} as identifiers
inner join erased_people
    on identifiers.person_key = erased_people.person_key
left join readmissions
    on identifiers.person_key = readmissions.person_key
