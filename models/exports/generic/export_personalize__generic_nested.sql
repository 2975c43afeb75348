{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        enabled=personalize.has_esp("generic"),
    )
}}

-- grain: one row per person ever exported
{{ personalize.feed("generic", "nested", {
    "external_id": "varchar",
    "email": "varchar",
    "locale": "varchar",
    "rule_id": "varchar",
    "subject": "varchar",
    "experiment_id": "varchar",
    "variant_id": "varchar",
    "letter": "varchar",
}) }}
