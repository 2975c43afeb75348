{%- set rules = personalize.jurisdiction_rules() %}
-- grain: one row per profile with an account that names a country or a birthday; the strictest
-- rules of its countries
with

accounts as (

    select
        customers.profile_id,
        blocked.identifier is null as is_birth_date_known,
        customers.birth_date,
        case
            when customers.country is not null
                then coalesce(regions.jurisdiction, countries.jurisdiction, 'unknown')
        end as jurisdiction
    from {{ ref("int_personalize__resolved_customers") }} as customers
    left join {{ ref("personalize_jurisdiction_names") }} as regions
        on lower(customers.country) || '-' || lower(customers.region) = regions.jurisdiction_name
    left join {{ ref("personalize_jurisdiction_names") }} as countries
        on lower(customers.country) = countries.jurisdiction_name
    left join {{ ref("int_personalize__blocked_identifiers") }} as blocked
        on blocked.identifier_type = 'birth_date'
        and cast(customers.birth_date as varchar) = blocked.identifier
    where customers.country is not null
        or customers.birth_date is not null

)

select
    accounts.profile_id,
    max(case when accounts.is_birth_date_known then accounts.birth_date end) as birth_date,
    {%- for rule, stricter in rules.items() %}
    {{ "max" if stricter == "greatest" else "min" }}(rules.{{ rule }}) as {{ rule }}
    {{- "," if not loop.last }}
    {%- endfor %}
from accounts
left join {{ ref("int_personalize__jurisdiction_rules") }} as rules
    on accounts.jurisdiction = rules.jurisdiction
group by accounts.profile_id
