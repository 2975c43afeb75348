{{
    config(
        materialized="incremental",
        unique_key="id",
        full_refresh=false,
        enabled=personalize.has_esp("customerio"),
    )
}}

-- grain: one row per person ever exported, one column per attribute
{{ personalize.feed("customerio", "people", dict(
    {"id": "varchar", "email": "varchar"}, **personalize.wide_columns("personalize_")
)) }}
