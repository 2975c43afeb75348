-- grain: one row per account (its current version), with the profile it belongs to
with

resolved as (

    {{ personalize.resolved_input("customers") }}

)

select
    source_system,
    source_customer_id,
    email,
    phone,
    first_name,
    last_name,
    birth_date,
    gender,
    address,
    city,
    region,
    postal_code,
    country,
    language,
    timezone,
    loyalty_tier,
    created_at,
    updated_at,
    record_id,
    profile_id,
    match_rule,
    match_probability
from resolved
where is_current
