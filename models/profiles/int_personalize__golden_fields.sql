{%- set fields = [
    "phone", "first_name", "last_name", "birth_date", "gender", "address", "city", "region", "postal_code", "country",
    "language", "timezone", "loyalty_tier",
] %}
-- grain: one row per profile and field, with the newest value any of its accounts holds
with

held as (

    {%- for field in fields %}
    select
        profile_id,
        '{{ field }}' as field,
        cast({{ field }} as varchar) as value,
        source_system,
        source_customer_id,
        updated_at
    from {{ ref("int_personalize__resolved_customers") }}
    where {{ field }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    profile_id,
    field,
    value,
    source_system,
    updated_at
from held
qualify row_number() over (
    partition by profile_id, field
    order by updated_at desc, source_system, source_customer_id
) = 1
