{{
    config(
        materialized="incremental",
        unique_key="identifier_hash",
        on_schema_change="append_new_columns",
        full_refresh=false,
    )
}}

-- grain: one row per erased identifier, ever, as keyed hash
with

reached as (

    select
        identifier_hash,
        person_key,
        erased_at,
        erased_with,
        match_probability
    from {{ ref("int_personalize__erasure_closure") }}

)

select
    reached.identifier_hash,
    {% if is_incremental() -%}
    coalesce(known.person_key, reached.person_key) as person_key,
    {%- else -%}
    reached.person_key,
    {%- endif %}
    reached.erased_at,
    reached.erased_with,
    reached.match_probability
from reached
{%- if is_incremental() %}
left join {{ this }} as known
    on reached.identifier_hash = known.identifier_hash
where known.identifier_hash is null
    or reached.erased_at > known.erased_at
{%- endif %}
