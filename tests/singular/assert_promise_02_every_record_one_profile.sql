{%- set account = personalize.account_of() %}
{%- set none_text = "cast(null as varchar)" %}
{%- set inputs = {
    "customers": [account, none_text, none_text, "source_system"],
    "orders": [account, "email", none_text, "source_system"],
    "web_events": [account, "email", "anonymous_id", "source_system"],
    "email_events": [none_text, "email", none_text, none_text],
    "consent_events": [account, "email", none_text, "source_system"],
    "privacy_requests": [account, "email", none_text, "source_system"],
    "audience_segments": [account, "email", none_text, "source_system"],
} %}
-- Promise 2: every accepted record that names a person belongs to exactly one profile, and no
-- other record does. A placeholder (seed personalize_blocked_identifiers) names nobody.
with

accepted as (

    {%- for input, (account, email, anonymous_id, source_system) in inputs.items() %}
    select distinct
        '{{ input }}' as source_table,
        coalesce({{ source_system }}, '') as source_system,
        record_id as source_record_id,
        {{ account }} as account,
        {{ email }} as email,
        {{ anonymous_id }} as anonymous_id
    from {{ ref("stg_personalize__" ~ input) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

naming as (

    select
        accepted.source_table,
        accepted.source_system,
        accepted.source_record_id
    from accepted
    left join {{ ref("int_personalize__blocked_identifiers") }} as blocked_emails
        on blocked_emails.identifier_type = 'email'
        and accepted.email = blocked_emails.identifier
    left join {{ ref("int_personalize__blocked_identifiers") }} as blocked_cookies
        on blocked_cookies.identifier_type = 'anonymous'
        and lower(accepted.anonymous_id) = blocked_cookies.identifier
    where accepted.account is not null
        or (accepted.email is not null and blocked_emails.identifier is null)
        or (accepted.anonymous_id is not null and blocked_cookies.identifier is null)

),

both_sides as (

    select
        source_table,
        source_system,
        source_record_id,
        1 as expected,
        0 as found
    from naming
    union all
    select
        source_table,
        coalesce(source_system, '') as source_system,
        source_record_id,
        0 as expected,
        1 as found
    from {{ ref("personalize__identities") }}
    where profile_id is not null

)

select
    source_table,
    source_system,
    source_record_id,
    sum(expected) as expected_profiles,
    sum(found) as found_profiles
from both_sides
group by source_table, source_system, source_record_id
having sum(expected) <> 1 or sum(found) <> 1
