-- grain: one row per jurisdiction; the larger number is the stricter, save for the days
with

rules as (

    select
        jurisdiction,
        regime,
        double_opt_in,
        cast(age_of_consent as integer) as age_of_consent,
        cast(consent_days as integer) as consent_days,
        cast(existing_customer_days as integer) as existing_customer_days,
        gpc_denies,
        cast(tcf_binds as boolean) as tcf_binds
    from {{ ref("personalize_jurisdictions") }}

)

select
    jurisdiction,
    case when regime = 'opt_out' then 0 else 1 end as opt_in_level,
    case double_opt_in when 'none' then 0 when 'address_only' then 1 else 2 end
        as double_opt_in_level,
    age_of_consent,
    coalesce(consent_days, {{ personalize.endless_days() }}) as consent_days,
    coalesce(existing_customer_days, {{ personalize.endless_days() }}) as existing_customer_days,
    case when gpc_denies = 'third_party_data' then 0 else 1 end as gpc_level,
    case when tcf_binds then 1 else 0 end as tcf_level
from rules
