-- grain: one row per version of a customer, usable and not later than as_of
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
    birth_date_as_written,
    {%- for column in personalize.customer_columns() %}
    {{ column }},
    {%- endfor %}
    record_id,
    is_current
from {{ ref("int_personalize__checked_customers") }}
where row_status = 'kept'
