{{ config(enabled=personalize.has_esp("postmark")) }}

-- grain: one row per person in the audience, as a message of Postmark's batch with templates
with

payloads as (

    select
        external_id,
        {{ personalize.json_object_text({
            "From": personalize.text_literal(personalize.setting("email_sender")),
            "To": "email",
            "TemplateAlias": "'personalize'",
            "TemplateModel": personalize.parsed_json("letter"),
            "MessageStream": "'broadcast'",
            "Tag": "rule_id",
            "Metadata": personalize.nested({"external_id": "external_id"}),
        }) }} as payload
    from {{ ref("int_personalize__letters") }}

)

select
    external_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash
from payloads
