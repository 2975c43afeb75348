{%- set inputs = [
    "orders", "web_events", "consent_events", "privacy_requests", "audience_segments",
] %}
{%- set named_by = ["source_system", "source_customer_id", "email"] %}
{%- set request_columns = ["request_id", "requested_at", "request_type"] %}
{%- set customer_columns = ["phone", "first_name", "birth_date", "updated_at"] %}
{%- set cookie_columns = {"web_events": ["anonymous_id"]} %}
{%- set likely = (
    personalize.setting("match_likely_pairs") and personalize.setting("erase_likely_accounts")
) %}
-- grain: one row per identifier that an erasure request of the input reaches, as keyed hash
with

read_requests as (

    {{ personalize.typed_input("privacy_requests", named_by + request_columns) }}

),

read_customers as (

    {{ personalize.typed_input("customers", named_by + customer_columns) }}

),

{% for input in inputs -%}
read_{{ input }}_names as (

    {{ personalize.typed_input(input, named_by + cookie_columns.get(input, [])) }}

),

{% endfor -%}
requests as (

    select
        {{ personalize.account_of() }} as account,
        email,
        requested_at,
        {{ personalize.iso_timestamp("requested_at") }} || '|' || request_id || '|'
        || coalesce({{ personalize.account_of() }}, email) as request_key
    from read_requests
    where request_type = 'erasure'
        and is_usable

),

other_records as (

    {%- for input in inputs %}
    select
        {{ personalize.account_of() }} as account,
        email,
        {{ "anonymous_id" if input == "web_events" else "cast(null as varchar)" }} as anonymous_id,
        is_usable
    from read_{{ input }}_names
    {{ "union" if not loop.last }}
    {%- endfor %}

),

versions as (

    select
        {{ personalize.account_of() }} as account,
        email,
        phone,
        first_name,
        birth_date,
        updated_at,
        updated_at as first_seen_at,
        is_usable
    from read_customers
    where source_system is not null
        and source_customer_id is not null

),

customers as (

    select *
    from versions
    where is_usable
    qualify row_number() over (
            partition by account
            order by
                updated_at desc, email nulls last, phone nulls last, first_name nulls last,
                birth_date nulls last
        ) = 1

),

usable_records as (

    select
        account,
        email,
        cast(null as timestamp) as first_seen_at
    from other_records
    where is_usable

),

{{ personalize.account_sayings("customers", "usable_records") }},

{{ personalize.known_accounts("account_sayings") }},

{{ personalize.match_keys("known_accounts") }},

{{ personalize.identity_labels("known_accounts", "match_keys") }},

{{ personalize.matched_persons("match_keys", "identity_labels") }},

persons as (

    select
        known_accounts.account,
        coalesce(matched_persons.person, known_accounts.account) as person
    from known_accounts
    left join matched_persons
        on known_accounts.account = matched_persons.account

),

sightings as (

    select
        account,
        email,
        anonymous_id
    from other_records
    union
    select
        account,
        email,
        cast(null as varchar) as anonymous_id
    from versions

),

holders as (

    select
        account,
        email
    from versions
    where email is not null
    union
    select
        account,
        email
    from known_accounts
    where email is not null

),

requested_accounts as (

    select
        account,
        request_key,
        requested_at
    from requests
    where account is not null
    union
    select
        holders.account,
        requests.request_key,
        requests.requested_at
    from requests
    inner join holders
        on requests.email = holders.email
    where requests.account is null

),

named_persons as (

    select
        persons.person,
        min(requested_accounts.request_key) as request_key,
        max(requested_accounts.requested_at) as requested_at
    from requested_accounts
    inner join persons
        on requested_accounts.account = persons.account
    group by persons.person

),

named_keys as (

    select
        person,
        request_key
        || case when count(*) over (partition by request_key) > 1 then '|' || person else '' end
            as person_key,
        requested_at
    from named_persons

),

{% if likely -%}
published as (

    select
        persons.person,
        likely.profile_id,
        likely.match_probability,
        coalesce(likely.erased_before, cast('0001-01-01' as timestamp)) as erased_before
    from {{ ref("int_personalize__likely_accounts") }} as likely
    inner join persons
        on likely.identifier_hash = {{ personalize.keyed_hash("'account:' || persons.account") }}
    where exists (select 1 from named_persons)

),

likely_persons as (

    select
        others.person,
        min(named_keys.person_key) as named_key,
        max(named_keys.requested_at) as requested_at,
        max(
            case
                when own.match_probability < others.match_probability then own.match_probability
                else others.match_probability
            end
        ) as match_probability
    from named_keys
    inner join published as own
        on named_keys.person = own.person
        and named_keys.requested_at > own.erased_before
    inner join published as others
        on own.profile_id = others.profile_id
    left join named_persons
        on others.person = named_persons.person
    where named_persons.person is null
    group by others.person

),

{% endif -%}
person_keys as (

    select
        person,
        person_key,
        cast(null as varchar) as named_key,
        cast(null as double) as match_probability,
        requested_at
    from named_keys
    {%- if likely %}
    union all
    select
        person,
        named_key || '|likely|' || person as person_key,
        named_key,
        match_probability,
        requested_at
    from likely_persons
    {%- endif %}

),

erased_accounts as (

    select
        persons.account,
        person_keys.person_key,
        person_keys.named_key,
        person_keys.match_probability,
        person_keys.requested_at
    from person_keys
    inner join persons
        on person_keys.person = persons.person

),

living_emails as (

    select distinct known_accounts.email
    from known_accounts
    left join erased_accounts
        on known_accounts.account = erased_accounts.account
    where known_accounts.email is not null
        and erased_accounts.account is null

),

reached_emails as (

    select
        sightings.email,
        erased_accounts.person_key,
        erased_accounts.requested_at
    from sightings
    inner join erased_accounts
        on sightings.account = erased_accounts.account
    left join living_emails
        on sightings.email = living_emails.email
    where sightings.email is not null
        and living_emails.email is null
    union all
    select
        requests.email,
        requests.request_key as person_key,
        requests.requested_at
    from requests
    left join holders
        on requests.email = holders.email
    where requests.account is null
        and holders.email is null

),

erased_emails as (

    select
        email,
        case
            when min(person_key) = max(person_key) then min(person_key)
            else 'mailbox|' || email
        end as person_key,
        max(requested_at) as requested_at
    from reached_emails
    group by email

),

cookie_users as (

    select
        sightings.anonymous_id,
        coalesce(erased_accounts.person_key, erased_emails.person_key) as person_key,
        coalesce(erased_accounts.requested_at, erased_emails.requested_at) as requested_at
    from sightings
    left join erased_accounts
        on sightings.account = erased_accounts.account
    left join erased_emails
        on sightings.account is null
        and sightings.email = erased_emails.email
    where sightings.anonymous_id is not null
        and (sightings.account is not null or sightings.email is not null)

),

identifiers as (

    select
        'account:' || account as identifier,
        person_key,
        requested_at
    from erased_accounts
    union all
    select
        'email:' || email as identifier,
        person_key,
        requested_at
    from erased_emails
    union all
    select
        'anonymous:' || anonymous_id as identifier,
        case
            when min(person_key) = max(person_key) then min(person_key)
            else 'device|' || anonymous_id
        end as person_key,
        max(requested_at) as requested_at
    from cookie_users
    group by anonymous_id
    having count(*) = count(person_key)

)

select
    {{ personalize.keyed_hash("identifiers.identifier") }} as identifier_hash,
    {{ personalize.keyed_hash("'person:' || identifiers.person_key") }} as person_key,
    identifiers.requested_at as erased_at,
    {{ personalize.keyed_hash("'person:' || person_keys.named_key") }} as erased_with,
    person_keys.match_probability
from identifiers
left join person_keys
    on identifiers.person_key = person_keys.person_key
    and person_keys.named_key is not null
