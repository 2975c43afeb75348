{{ config(enabled=(target.profile_name == "personalize_demo")) }}

-- one row per person of a hard case (seeds/demo/demo_expected_outcomes.csv) who is not mailed, or
-- not left out, as expected
with

people as (

    select
        identifier_type,
        identifier,
        profile_id
    from {{ ref("int_personalize__identity_map") }}
    union all
    select
        'erased' as identifier_type,
        expected.identifier,
        erased.profile_id
    from {{ ref("demo_expected_outcomes") }} as expected
    inner join {{ ref("int_personalize__refusals") }} as refusals
        on refusals.identifier_hash = {{ personalize.keyed_hash("expected.identifier") }}
    inner join {{ ref("int_personalize__erased_profiles") }} as erased
        on refusals.person_key = erased.person_key
    where expected.identifier_type = 'erased'

),

outcomes as (

    select
        profile_id,
        reason as outcome
    from {{ ref("personalize__exclusions") }}
    union all
    select
        profile_id,
        'in_audience' as outcome
    from {{ ref("personalize__audience") }}

),

compared as (

    select
        expected.hard_case,
        expected.identifier,
        expected.expected_exclusion as expected,
        case when people.profile_id is null then 'no_profile' else outcomes.outcome end as found
    from {{ ref("demo_expected_outcomes") }} as expected
    left join people
        on expected.identifier_type = people.identifier_type
        and expected.identifier = people.identifier
    left join outcomes
        on people.profile_id = outcomes.profile_id

)

select
    hard_case,
    identifier,
    expected,
    found
from compared
where expected is distinct from found
