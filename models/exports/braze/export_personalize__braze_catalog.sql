{{
    config(
        materialized="incremental",
        unique_key="id",
        full_refresh=false,
        enabled=personalize.has_esp("braze"),
    )
}}

-- grain: one row per product ever exported; a product that is gone is marked deleted
{{ personalize.feed("braze", "catalog", {
    "id": "varchar",
    "payload": "varchar",
    "deleted": "boolean",
}, departed={"payload": "'{}'", "deleted": "true"}, operation=false, own_times=true) }}
