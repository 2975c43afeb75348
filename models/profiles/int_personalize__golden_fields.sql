{%- set fields = {
    "phone": personalize.normalized_phone("phone"),
    "first_name": personalize.normalized_name("first_name"),
    "last_name": "last_name",
    "birth_date": "cast(birth_date as varchar)",
    "gender": "gender",
    "address": "address",
    "city": "city",
    "region": "region",
    "postal_code": "postal_code",
    "country": "country",
    "language": "language",
    "timezone": "timezone",
    "loyalty_tier": "loyalty_tier",
} %}
-- grain: one row per profile and field, with the newest value any of its accounts holds
-- placeholders are none
with

held as (

    {%- for field, normal_form in fields.items() %}
    select
        profile_id,
        '{{ field }}' as field,
        cast({{ field }} as varchar) as value,
        {{ normal_form }} as normal_form,
        source_system,
        source_customer_id,
        updated_at
    from {{ ref("int_personalize__resolved_customers") }}
    where {{ field }} is not null
        {%- if field == "birth_date" %}
        and {{ personalize.is_plausible_birth_date("birth_date") }}
        {%- endif %}
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    held.profile_id,
    held.field,
    held.value,
    held.source_system,
    held.updated_at
from held
left join {{ ref("int_personalize__blocked_identifiers") }} as blocked
    on held.field = blocked.identifier_type
    and held.normal_form = blocked.identifier
where held.normal_form is not null
    and blocked.identifier is null
qualify row_number() over (
        partition by held.profile_id, held.field
        order by held.updated_at desc, held.source_system, held.source_customer_id
    ) = 1
