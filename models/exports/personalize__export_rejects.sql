{%- set measured = {
    "users": ["int_personalize__braze_user_rows", "external_id", ["payload_bytes", "attributes", "string_characters"]],
    "catalog": ["int_personalize__braze_catalog_rows", "id", ["value_characters", "fields"]],
} %}
-- grain: one row per exported record and limit of its platform that it breaks
with

measurements as (

    {%- for object, spec in measured.items() %}
    {%- set last_object = loop.last %}
    {%- for limit_name in spec[2] %}
    select
        'braze' as esp,
        '{{ object }}' as object,
        {{ spec[1] }} as record_key,
        '{{ limit_name }}' as limit_name,
        {{ limit_name }} as measured_value
    from {{ ref(spec[0]) }}
    {{ "union all" if not (last_object and loop.last) }}
    {%- endfor %}
    {%- endfor %}

)

select
    cast(measurements.esp as varchar) as esp,
    cast(measurements.object as varchar) as object,
    cast(measurements.record_key as varchar) as record_key,
    cast(measurements.limit_name as varchar) as limit_name,
    cast(limits.limit_value as bigint) as limit_value,
    cast(measurements.measured_value as bigint) as measured_value
from measurements
inner join {{ ref("personalize_esp_limits") }} as limits
    on measurements.esp = limits.esp
    and measurements.object = limits.object
    and measurements.limit_name = limits.limit_name
where measurements.measured_value > limits.limit_value
