{%- set objects = personalize.exported_objects() %}
-- grain: one row per exported record and limit of its platform, or of every letter, that it breaks
with

measurements as (

    {%- for spec in objects %}
    {%- for limit_name, measured_value in spec.measures.items() %}
    select
        '{{ spec.esp }}' as esp,
        '{{ spec.object }}' as object,
        {{ personalize.record_key(spec, "candidates") }} as record_key,
        '{{ limit_name }}' as limit_name,
        cast({{ measured_value }} as bigint) as measured_value
    from {{ ref(spec.rows) }} as candidates
    union all
    {%- endfor %}
    {%- endfor %}
    select
        cast(null as varchar) as esp,
        cast(null as varchar) as object,
        cast(null as varchar) as record_key,
        cast(null as varchar) as limit_name,
        cast(null as bigint) as measured_value
    where false

),

broken as (

    select
        measurements.*,
        limits.limit_value
    from measurements
    inner join {{ ref("personalize_esp_limits") }} as limits
        on measurements.esp = limits.esp
        and measurements.object = limits.object
        and measurements.limit_name = limits.limit_name
    where measurements.measured_value > limits.limit_value
    {%- for spec in objects if spec.get("person") %}
    union all
    select
        '{{ spec.esp }}' as esp,
        '{{ spec.object }}' as object,
        {{ personalize.record_key(spec, "candidates") }} as record_key,
        checks.limit_name,
        checks.measured_value,
        checks.limit_value
    from {{ ref(spec.rows) }} as candidates
    inner join {{ ref("int_personalize__letter_checks") }} as checks
        on candidates.external_id = checks.external_id
    {%- endfor %}

)

select
    cast(esp as varchar) as esp,
    cast(object as varchar) as object,
    cast(record_key as varchar) as record_key,
    cast(limit_name as varchar) as limit_name,
    cast(limit_value as bigint) as limit_value,
    cast(measured_value as bigint) as measured_value
from broken
