{{ config(enabled=personalize.has_esp("ses")) }}

{%- set rule_tag = personalize.replace_all("rule_id", "[^A-Za-z0-9_-]", "_") %}
-- grain: one row per person in the audience, as a BulkEmailEntry of Amazon SES
with

payloads as (

    select
        external_id,
        letter,
        rule_id,
        {{ personalize.json_object_text({
            "Destination": personalize.nested({
                "ToAddresses": personalize.parsed_json(personalize.json_list(["email"])),
            }),
            "ReplacementEmailContent": personalize.nested({
                "ReplacementTemplate": personalize.nested({"ReplacementTemplateData": "letter"}),
            }),
            "ReplacementTags": personalize.parsed_json(personalize.json_list([
                personalize.nested({"Name": "'personalize_rule'", "Value": rule_tag}),
            ])),
        }) }} as payload
    from {{ ref("int_personalize__letters") }}

)

select
    external_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash,
    length(letter) as template_data_characters,
    length(rule_id) as tag_characters
from payloads
