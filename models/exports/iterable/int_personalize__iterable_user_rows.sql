{{ config(enabled=personalize.has_esp("iterable")) }}

-- grain: one row per person in the audience, as a user of Iterable's bulk update
with

payloads as (

    select
        external_id,
        {{ personalize.json_object_text({
            "userId": "external_id",
            "email": "email",
            "preferUserId": "true",
            "mergeNestedObjects": "false",
            "dataFields": personalize.nested({"personalize": personalize.parsed_json("letter")}),
        }) }} as payload
    from {{ ref("int_personalize__letters") }}

)

select
    external_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash
from payloads
