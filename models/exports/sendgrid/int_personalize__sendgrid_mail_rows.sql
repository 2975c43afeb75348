{{ config(enabled=personalize.has_esp("sendgrid")) }}

{%- set address = personalize.nested({"email": "email"}) %}
{%- set custom_args = {"external_id": "external_id", "rule_id": "rule_id"} %}
{%- set record = {
    "to": personalize.parsed_json(personalize.json_list([address])),
    "dynamic_template_data": personalize.parsed_json("letter"),
    "custom_args": personalize.nested(custom_args),
} %}
{%- set send_at = datediff("cast('1970-01-01' as timestamp)", "send_not_before", "second") %}
-- grain: one row per person in the audience, as a personalization of SendGrid's Mail Send;
-- the hour it may be sent at does not make it another letter
with

payloads as (

    select
        external_id,
        {{ personalize.json_object_text(record) }} as record,
        case
            when send_not_before is not null
                then {{ personalize.json_object_text(dict(record, send_at=send_at)) }}
        end as delayed_record,
        {{ personalize.byte_length(personalize.json_object_text(custom_args)) }}
            as custom_args_bytes
    from {{ ref("int_personalize__letters") }}

)

select
    external_id,
    coalesce(delayed_record, record) as payload,
    {{ personalize.sha256_hex("record") }} as content_hash,
    custom_args_bytes
from payloads
