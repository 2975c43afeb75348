{{ config(materialized="view") }}

-- grain: one row per accepted record that names a person
{%- set inputs = [
    "customers", "orders", "web_events", "email_events", "consent_events", "privacy_requests", "audience_segments",
] %}
{%- for input in inputs %}
select
    cast('{{ input }}' as varchar) as source_table,
    cast({{ "null" if input == "email_events" else "source_system" }} as varchar) as source_system,
    cast(record_id as varchar) as source_record_id,
    cast(profile_id as varchar) as profile_id,
    cast(match_rule as varchar) as match_rule,
    cast(match_probability as double) as match_probability
from {{ ref("int_personalize__resolved_" ~ input) }}
where profile_id is not null
{{ "union all" if not loop.last }}
{%- endfor %}
