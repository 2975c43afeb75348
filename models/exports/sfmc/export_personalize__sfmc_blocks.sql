{{
    config(
        materialized="incremental",
        unique_key=["subscriberkey", "slot", "rank"],
        full_refresh=false,
        enabled=personalize.has_esp("sfmc"),
    )
}}

-- grain: one row per person, slot and rank ever exported
{{ personalize.feed("sfmc", "blocks", dict(
    {"subscriberkey": "varchar", "slot": "varchar", "rank": "bigint"},
    **personalize.named_types(personalize.block_fields())
)) }}
