{{
    config(
        materialized="incremental",
        unique_key="id",
        full_refresh=false,
        enabled=personalize.has_esp("klaviyo"),
    )
}}

-- grain: one row per product ever exported
{{ personalize.feed("klaviyo", "items", {
    "id": "varchar",
    "payload": "varchar",
}) }}
