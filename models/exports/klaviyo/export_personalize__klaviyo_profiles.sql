{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        enabled=personalize.has_esp("klaviyo"),
    )
}}

-- grain: one row per person ever exported
{{ personalize.feed("klaviyo", "profiles", {
    "external_id": "varchar",
    "payload": "varchar",
}) }}
