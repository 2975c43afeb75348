{{ config(materialized="view", enabled=personalize.has_esp("klaviyo")) }}

-- grain: one row per person who left the exports and has not come back
select
    cast(external_id as varchar) as external_id,
    cast(operation as varchar) as operation,
    cast({{ personalize.json_object_text({
        "type": "'profile'",
        "attributes": personalize.nested({
            "external_id": "external_id",
            "properties": personalize.nested({"personalize": "null"}),
        }),
    }) }} as varchar) as payload,
    cast(content_hash as varchar) as content_hash,
    cast(updated_at as timestamp) as updated_at
from {{ ref("export_personalize__klaviyo_profiles") }}
where operation in ('clear', 'delete')
