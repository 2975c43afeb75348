{{ config(enabled=personalize.has_esp("listmonk")) }}

-- grain: one row per person in the audience, as a subscriber of listmonk
with

subscribers as (

    select
        email,
        external_id,
        first_name as name,
        {{ personalize.json_object_text({
            "external_id": "external_id",
            "personalize": personalize.parsed_json("letter"),
        }) }} as attribs
    from {{ ref("int_personalize__letters") }}

)

select
    email,
    external_id,
    name,
    attribs,
    {{ personalize.sha256_hex("email || attribs") }} as content_hash
from subscribers
