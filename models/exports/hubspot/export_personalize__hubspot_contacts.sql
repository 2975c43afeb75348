{{
    config(
        materialized="incremental",
        unique_key="id",
        full_refresh=false,
        enabled=personalize.has_esp("hubspot"),
    )
}}

-- grain: one row per address ever exported
{{ personalize.feed("hubspot", "contacts", {
    "id": "varchar",
    "id_property": "varchar",
    "external_id": "varchar",
    "properties": "varchar",
}, departed={
    "id_property": "'email'",
    "properties": personalize.emptied(personalize.wide_columns("personalize_")),
}) }}
