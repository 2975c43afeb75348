{#-
    CTEs that say of every account what it may be matched on as the source writes it, ending in `account_sayings`. Birth
    dates that no living person has say nothing.
    customers: one row per account with its e-mail, phone, first name, birth date and first_seen_at.
    sightings: account, email, first_seen_at of other records; an account without a customer's e-mail has the only one
    seen with it.
-#}
{% macro account_sayings(customers, sightings) -%}
only_emails as (

    select
        account,
        case when count(distinct email) = 1 then min(email) end as email,
        min(first_seen_at) as first_seen_at
    from {{ sightings }}
    where account is not null
    group by account

),

account_sayings as (

    select
        coalesce(customers.account, only_emails.account) as account,
        customers.account is not null as is_customer,
        coalesce(customers.email, only_emails.email) as email,
        customers.phone,
        customers.first_name,
        case
            when {{ personalize.is_plausible_birth_date("customers.birth_date") }} then customers.birth_date
        end as birth_date,
        {{ personalize.earlier_of("customers.first_seen_at", "only_emails.first_seen_at") }} as first_seen_at
    from {{ customers }} as customers
    full join only_emails
        on customers.account = only_emails.account

)
{%- endmacro %}


{#-
    CTEs that bring those into their normal form, ending in `known_accounts` (the columns of the sayings). Placeholders (the
    seed personalize_blocked_identifiers) say nothing.
    more: further columns of the sayings to keep.
-#}
{% macro known_accounts(sayings, more=[]) -%}
spelt_accounts as (

    select
        account,
        is_customer,
        email,
        {{ personalize.normalized_phone("phone") }} as phone,
        {{ personalize.normalized_name("first_name") }} as first_name,
        birth_date,
        {%- for column in more %}
        {{ column }},
        {%- endfor %}
        first_seen_at
    from {{ sayings }}

),

known_accounts as (

    select
        spelt_accounts.account,
        spelt_accounts.is_customer,
        spelt_accounts.email,
        spelt_accounts.phone,
        case when blocked_names.identifier is null then spelt_accounts.first_name end as first_name,
        case when blocked_dates.identifier is null then spelt_accounts.birth_date end as birth_date,
        {%- for column in more %}
        spelt_accounts.{{ column }},
        {%- endfor %}
        spelt_accounts.first_seen_at
    from spelt_accounts
    left join {{ ref("personalize", "int_personalize__blocked_identifiers") }} as blocked_names
        on blocked_names.identifier_type = 'first_name'
        and spelt_accounts.first_name = blocked_names.identifier
    left join {{ ref("personalize", "int_personalize__blocked_identifiers") }} as blocked_dates
        on blocked_dates.identifier_type = 'birth_date'
        and cast(spelt_accounts.birth_date as varchar) = blocked_dates.identifier

)
{%- endmacro %}


{#- How an account is brought into its normal form, as a digest of the SQL. -#}
{% macro spelling_fingerprint() -%}
    '{{ local_md5(personalize.normalized_phone("phone") ~ personalize.normalized_name("first_name")) }}'
{%- endmacro %}


{#- Whether somebody alive at as_of can have been born on a day. -#}
{% macro is_plausible_birth_date(birth_date) -%}
    {{ birth_date }} <= {{ personalize.as_of() }}
    and {{ birth_date }} > {{ dbt.dateadd("year", -120, personalize.as_of()) }}
{%- endmacro %}
