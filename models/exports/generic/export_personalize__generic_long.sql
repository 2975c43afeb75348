{{
    config(
        materialized="incremental",
        unique_key=["external_id", "slot", "position"],
        full_refresh=false,
        enabled=personalize.has_esp("generic"),
    )
}}

-- grain: one row per person, slot and position ever exported
{{ personalize.feed("generic", "long", dict(
    {"external_id": "varchar", "slot": "varchar", "position": "bigint"},
    **personalize.named_types(personalize.block_fields())
)) }}
