{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        enabled=personalize.has_esp("postmark"),
        post_hook=personalize.forget_erased(),
    )
}}

-- grain: one row per person ever exported and not erased
{{ personalize.feed("postmark", "messages", {
    "external_id": "varchar",
    "payload": "varchar",
}) }}
