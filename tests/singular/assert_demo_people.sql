{{ config(enabled=(target.profile_name == "personalize_demo")) }}

-- one row per expectation of seeds/demo/demo_expected_outcomes.csv that does not hold: who somebody
-- is, and what is known of them
with

people as (

    select
        expected.*,
        identity_map.profile_id
    from {{ ref("demo_expected_outcomes") }} as expected
    left join {{ ref("int_personalize__identity_map") }} as identity_map
        on expected.identifier_type = identity_map.identifier_type
        and expected.identifier = identity_map.identifier
    where expected.identifier_type <> 'erased'

),

compared as (

    select
        people.hard_case,
        people.identifier,
        'has a profile' as question,
        case when people.expected_exclusion = 'no_profile' then 'false' else 'true' end as expected,
        case when people.profile_id is null then 'false' else 'true' end as found
    from people
    union all
    select
        people.hard_case,
        people.identifier,
        'same profile as ' || people.same_profile_as as question,
        'true' as expected,
        case when people.profile_id = others.profile_id then 'true' else 'false' end as found
    from people
    left join {{ ref("int_personalize__identity_map") }} as others
        on people.same_profile_as = others.identifier
    where people.same_profile_as is not null
    union all
    select
        people.hard_case,
        people.identifier,
        'another profile than ' || people.different_profile_from as question,
        'true' as expected,
        case when people.profile_id <> others.profile_id then 'true' else 'false' end as found
    from people
    left join {{ ref("int_personalize__identity_map") }} as others
        on people.different_profile_from = others.identifier
    where people.different_profile_from is not null
    {%- for permission in ["can_personalize", "can_use_third_party"] %}
    union all
    select
        people.hard_case,
        people.identifier,
        '{{ permission }}' as question,
        people.{{ permission }} as expected,
        case when permissions.{{ permission }} then 'true' else 'false' end as found
    from people
    left join {{ ref("int_personalize__permissions") }} as permissions
        on people.profile_id = permissions.profile_id
    where people.{{ permission }} is not null
    {%- endfor %}
    union all
    select
        people.hard_case,
        people.identifier,
        'orders' as question,
        people.order_count as expected,
        cast(coalesce(rfm.order_count, 0) as varchar) as found
    from people
    left join {{ ref("int_personalize__rfm") }} as rfm
        on people.profile_id = rfm.profile_id
    where people.order_count is not null
    {%- for number in ["opens_90d", "clicks_90d"] %}
    union all
    select
        people.hard_case,
        people.identifier,
        '{{ number }}' as question,
        people.{{ number }} as expected,
        cast(engagement.{{ number }} as varchar) as found
    from people
    left join {{ ref("int_personalize__email_engagement") }} as engagement
        on people.profile_id = engagement.profile_id
    where people.{{ number }} is not null
    {%- endfor %}
    {%- for column, expected in {"interested_in": "true", "not_interested_in": "false"}.items() %}
    union all
    select
        people.hard_case,
        people.identifier,
        'interested in ' || people.{{ column }} as question,
        '{{ expected }}' as expected,
        case when affinities.profile_id is not null then 'true' else 'false' end as found
    from people
    left join {{ ref("int_personalize__affinities") }} as affinities
        on people.profile_id = affinities.profile_id
        and affinities.dimension = 'product'
        and people.{{ column }} = affinities.value
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
