{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        enabled=personalize.has_esp("generic"),
    )
}}

-- grain: one row per person ever exported, one column per field
{{ personalize.feed("generic", "wide", dict(
    {"external_id": "varchar", "email": "varchar"}, **personalize.wide_columns()
)) }}
