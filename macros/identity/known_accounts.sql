{#-
    CTEs that describe every account by what it may be matched on, ending in `known_accounts`. Placeholders (the seed
    personalize_blocked_identifiers) and birth dates that no living person has say nothing.
    customers: one row per account with its e-mail, phone, first name and birth date as the source holds them.
    sightings: account, email of other records; an account without a customer's e-mail has the only one seen with it.
-#}
{% macro known_accounts(customers, sightings) -%}
described as (

    select
        account,
        email,
        {{ personalize.normalized_phone("phone") }} as phone,
        {{ personalize.normalized_name("first_name") }} as first_name,
        case when {{ personalize.is_plausible_birth_date("birth_date") }} then birth_date end as birth_date
    from {{ customers }}

),

only_emails as (

    select
        account,
        case when count(distinct email) = 1 then min(email) end as email
    from {{ sightings }}
    where account is not null
    group by account

),

account_names as (

    select account from described
    union
    select account from only_emails

),

known_accounts as (

    select
        account_names.account,
        described.account is not null as is_customer,
        coalesce(described.email, only_emails.email) as email,
        described.phone,
        case when blocked_names.identifier is null then described.first_name end as first_name,
        case when blocked_dates.identifier is null then described.birth_date end as birth_date
    from account_names
    left join described
        on account_names.account = described.account
    left join only_emails
        on account_names.account = only_emails.account
    left join {{ ref("personalize", "int_personalize__blocked_identifiers") }} as blocked_names
        on blocked_names.identifier_type = 'first_name'
        and described.first_name = blocked_names.identifier
    left join {{ ref("personalize", "int_personalize__blocked_identifiers") }} as blocked_dates
        on blocked_dates.identifier_type = 'birth_date'
        and cast(described.birth_date as varchar) = blocked_dates.identifier

)
{%- endmacro %}


{#- Whether somebody alive at as_of can have been born on a day. -#}
{% macro is_plausible_birth_date(birth_date) -%}
    {{ birth_date }} <= {{ personalize.as_of() }}
    and {{ birth_date }} > {{ dbt.dateadd("year", -120, personalize.as_of()) }}
{%- endmacro %}
