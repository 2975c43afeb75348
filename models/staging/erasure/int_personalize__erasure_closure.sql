{%- set person = ["email", "phone", "first_name", "birth_date"] %}
-- grain: one row per identifier that an erasure request of the input reaches, as keyed hash
with

requests as (

    select
        request_id,
        requested_at,
        email,
        {{ personalize.account_of() }} as account
    from (
        {{ personalize.typed_input("privacy_requests", ["request_id", "requested_at", "request_type", "email", "source_system", "source_customer_id"]) }}
    ) as privacy_requests
    where request_type = 'erasure'
        and requested_at is not null

),

accounts as (

    select distinct
        {{ personalize.account_of() }} as account,
        email,
        {{ personalize.normalized_phone("phone") }} as phone,
        {{ personalize.normalized_name("first_name") }} as first_name,
        birth_date
    from (
        {{ personalize.typed_input("customers", ["source_system", "source_customer_id"] + person) }}
    ) as customers

),

{% for type in ["email", "phone"] -%}
joining_{{ type }}s as (

    select accounts.{{ type }}
    from accounts
    left join {{ ref("personalize_blocked_identifiers") }} as blocked
        on blocked.identifier_type = '{{ type }}'
        and accounts.{{ type }} = blocked.identifier
    where accounts.{{ type }} is not null
        and blocked.identifier is null
    group by accounts.{{ type }}
    having count(distinct accounts.account) <= {{ personalize.setting("max_records_per_identifier") }}

),

{% endfor -%}
sightings as (

    {%- for input in ["customers", "orders", "web_events", "consent_events", "privacy_requests", "audience_segments"] %}
    select distinct
        {{ personalize.account_of() }} as account,
        email,
        {{ "anonymous_id" if input == "web_events" else "cast(null as varchar)" }} as anonymous_id
    from (
        {{ personalize.typed_input(input, ["source_system", "source_customer_id", "email"] + (["anonymous_id"] if input == "web_events" else [])) }}
    ) as {{ input }}
    {{ "union" if not loop.last }}
    {%- endfor %}

),

reached_0 as (

    select
        accounts.account,
        accounts.email,
        accounts.phone,
        accounts.first_name,
        accounts.birth_date,
        requests.request_id,
        requests.requested_at
    from requests
    inner join accounts
        on accounts.account = requests.account
        or (requests.account is null and accounts.email = requests.email)

),

{% for hop in [1, 2] -%}
reached_{{ hop }} as (

    select *
    from reached_{{ hop - 1 }}
    union
    select
        accounts.account,
        accounts.email,
        accounts.phone,
        accounts.first_name,
        accounts.birth_date,
        reached.request_id,
        reached.requested_at
    from reached_{{ hop - 1 }} as reached
    inner join accounts
        on (
            (accounts.email = reached.email and accounts.email in (select email from joining_emails))
            or (accounts.phone = reached.phone and accounts.phone in (select phone from joining_phones))
        )
        and coalesce(accounts.first_name = reached.first_name, true)
        and coalesce(accounts.birth_date = reached.birth_date, true)

),

{% endfor -%}
reached_emails as (

    select
        sightings.email,
        reached_2.request_id,
        reached_2.requested_at
    from reached_2
    inner join sightings
        on sightings.account = reached_2.account
    where not exists (
        select 1
        from accounts
        where accounts.email = sightings.email
            and accounts.account not in (select account from reached_2)
    )
    union
    select
        email,
        request_id,
        requested_at
    from requests
    where account is null

),

reached_cookies as (

    select
        sightings.anonymous_id,
        reached_2.request_id,
        reached_2.requested_at
    from reached_2
    inner join sightings
        on sightings.account = reached_2.account
    where not exists (
        select 1
        from sightings as others
        where others.anonymous_id = sightings.anonymous_id
            and others.account not in (select account from reached_2)
    )

),

identifiers as (

    select 'account:' || account as identifier, request_id, requested_at from reached_2
    union
    select 'account:' || account as identifier, request_id, requested_at from requests
    union
    select 'email:' || email as identifier, request_id, requested_at from reached_emails
    union
    select 'anonymous:' || anonymous_id as identifier, request_id, requested_at from reached_cookies

)

select
    {{ personalize.keyed_hash("identifier") }} as identifier_hash,
    {{ personalize.keyed_hash("'request:' || min(request_id)") }} as person_key,
    max(requested_at) as erased_at
from identifiers
where identifier is not null
group by identifier
