{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        enabled=personalize.has_esp("braze"),
        post_hook=personalize.forget_erased(),
    )
}}

-- grain: one row per person ever exported and not erased
-- who has left carries our attributes as null
{{ personalize.feed("braze", "users", {
    "external_id": "varchar",
    "payload": "varchar",
}, departed={"payload": personalize.braze_cleared_payload()}, operation=false, own_times=true) }}
