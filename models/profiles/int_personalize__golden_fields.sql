{%- set fields = personalize.golden_fields() %}
{%- set rules = personalize.survivorship() %}
-- grain: one row per profile and field, with the value that the rule of the field lets survive
-- among those that the person's accounts hold; placeholders are none
with

held as (

    {%- for field, rule in rules.items() %}
    select
        profile_id,
        '{{ field }}' as field,
        cast({{ field }} as varchar) as value,
        {{ fields[field] }} as normal_form,
        source_system,
        source_customer_id,
        updated_at,
        cast({{ personalize.survival_order(rule, 0) }} as bigint) as order_1,
        cast({{ personalize.survival_order(rule, 1) }} as bigint) as order_2,
        cast({{ personalize.survival_order(rule, 2) }} as bigint) as order_3
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
    held.source_customer_id,
    held.updated_at
from held
left join {{ ref("int_personalize__blocked_identifiers") }} as blocked
    on held.field = blocked.identifier_type
    and held.normal_form = blocked.identifier
where held.normal_form is not null
    and blocked.identifier is null
qualify row_number() over (
        partition by held.profile_id, held.field
        order by
            held.order_1,
            held.order_2,
            held.order_3,
            held.updated_at desc,
            held.source_system,
            held.source_customer_id
    ) = 1
