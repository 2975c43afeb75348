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
    max(rules.opt_in_level) as opt_in_level,
    max(rules.double_opt_in_level) as double_opt_in_level,
    max(rules.age_of_consent) as age_of_consent,
    min(rules.consent_days) as consent_days,
    min(rules.existing_customer_days) as existing_customer_days,
    max(rules.gpc_level) as gpc_level,
    max(rules.tcf_level) as tcf_level
from accounts
left join {{ ref("int_personalize__jurisdiction_rules") }} as rules
    on accounts.jurisdiction = rules.jurisdiction
group by accounts.profile_id
