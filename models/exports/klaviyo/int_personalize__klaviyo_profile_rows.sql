{{ config(enabled=personalize.has_esp("klaviyo")) }}

-- grain: one row per person in the audience, as a resource of Klaviyo's bulk profile import
with

payloads as (

    select
        external_id,
        {{ personalize.json_object_text({
            "type": "'profile'",
            "attributes": personalize.nested({
                "external_id": "external_id",
                "email": "email",
                "location": personalize.nested({"timezone": "timezone"}),
                "properties": personalize.nested({"personalize": personalize.parsed_json("letter")}),
            }),
        }) }} as payload
    from {{ ref("int_personalize__letters") }}

)

select
    external_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash
from payloads
