{{ config(enabled=personalize.has_esp("sendgrid")) }}

{%- set address = personalize.nested({"email": "email"}) %}
{%- set custom_args = {"external_id": "external_id", "rule_id": "rule_id"} %}
-- grain: one row per person in the audience, as a personalization of SendGrid's Mail Send
with

payloads as (

    select
        external_id,
        {{ personalize.json_object_text({
            "to": personalize.parsed_json(personalize.json_list([address])),
            "dynamic_template_data": personalize.parsed_json("letter"),
            "custom_args": personalize.nested(custom_args),
        }) }} as payload,
        {{ personalize.byte_length(personalize.json_object_text(custom_args)) }}
            as custom_args_bytes
    from {{ ref("int_personalize__letters") }}

)

select
    external_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash,
    custom_args_bytes
from payloads
