{{ config(enabled=personalize.has_esp("hubspot")) }}

{%- set properties = {} %}
{%- for property, column in personalize.wide_columns("personalize_").items() %}
{%- do properties.update({property: column[1]}) %}
{%- endfor %}
-- grain: one row per person in the audience, as an input of HubSpot's batch upsert
with

contacts as (

    select
        email,
        external_id,
        {{ personalize.json_object_text(properties) }} as properties,
        longest_text
    from {{ ref("int_personalize__letter_columns") }}

)

select
    email as id,
    'email' as id_property,
    external_id,
    properties,
    {{ personalize.sha256_hex("external_id || email || properties") }} as content_hash,
    longest_text
from contacts
