-- grain: one row per row of the input, usable or not
{{ personalize.checked_input("customers") }}

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
    is_current,
    row_status,
    reject_reason,
    row_json
from checked
