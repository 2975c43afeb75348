{{ config(enabled=(target.profile_name == "personalize_demo")) }}

-- one row per expectation of seeds/demo/demo_expected_outcomes.csv that does not hold: the message
-- that wins, the products that are recommended
with

people as (

    select
        expected.*,
        identity_map.profile_id
    from {{ ref("demo_expected_outcomes") }} as expected
    inner join {{ ref("int_personalize__identity_map") }} as identity_map
        on expected.identifier_type = identity_map.identifier_type
        and expected.identifier = identity_map.identifier

),

winners as (

    select
        profile_id,
        rule_id
    from {{ ref("personalize__triggers") }}
    where outcome = 'won'

),

compared as (

    select
        people.hard_case,
        people.identifier,
        'the trigger that wins' as question,
        people.expected_trigger as expected,
        coalesce(winners.rule_id, 'none') as found
    from people
    left join winners
        on people.profile_id = winners.profile_id
    where people.expected_trigger is not null
    union all
    select
        people.hard_case,
        people.identifier,
        people.unexpected_trigger || ' wins' as question,
        'false' as expected,
        case when people.unexpected_trigger = winners.rule_id then 'true' else 'false' end as found
    from people
    left join winners
        on people.profile_id = winners.profile_id
    where people.unexpected_trigger is not null
    {%- for column, expected in {"recommended": "true", "not_recommended": "false"}.items() %}
    union all
    select
        people.hard_case,
        people.identifier,
        people.{{ column }} || ' is recommended' as question,
        '{{ expected }}' as expected,
        case when recommendations.profile_id is not null then 'true' else 'false' end as found
    from people
    left join {{ ref("personalize__recommendations") }} as recommendations
        on people.profile_id = recommendations.profile_id
        and people.{{ column }} = recommendations.product_id
    where people.{{ column }} is not null
    {%- endfor %}

)

select
    hard_case,
    identifier,
    question,
    expected,
    found
from compared
where expected is distinct from found
