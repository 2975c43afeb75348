{{
    config(
        materialized="incremental",
        unique_key="user_id",
        full_refresh=false,
        enabled=personalize.has_esp("iterable"),
    )
}}

-- grain: one row per person ever exported
{{ personalize.feed("iterable", "users", {
    "user_id": "varchar",
    "payload": "varchar",
}, departed={
    "payload": personalize.json_object_text({
        "userId": "held.user_id",
        "preferUserId": "true",
        "mergeNestedObjects": "false",
        "dataFields": personalize.nested({"personalize": "null"}),
    }),
}) }}
