{{
    config(
        materialized="incremental",
        unique_key="item_id",
        full_refresh=false,
        enabled=personalize.has_esp("iterable"),
    )
}}

-- grain: one row per product ever exported
{{ personalize.feed("iterable", "catalog", {
    "item_id": "varchar",
    "payload": "varchar",
}) }}
