{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        enabled=personalize.has_esp("ses"),
        post_hook=personalize.forget_erased(),
    )
}}

-- grain: one row per person ever exported and not erased
{{ personalize.feed("ses", "entries", {
    "external_id": "varchar",
    "payload": "varchar",
}) }}
