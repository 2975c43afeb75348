{{
    config(
        materialized="incremental",
        unique_key="email",
        full_refresh=false,
        enabled=personalize.has_esp("listmonk"),
    )
}}

-- grain: one row per address ever exported
{{ personalize.feed("listmonk", "subscribers", {
    "email": "varchar",
    "external_id": "varchar",
    "name": "varchar",
    "attribs": "varchar",
}, departed={"attribs": personalize.json_object_text({"personalize": "null"})}) }}
