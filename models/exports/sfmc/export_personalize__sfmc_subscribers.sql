{{
    config(
        materialized="incremental",
        unique_key="subscriberkey",
        full_refresh=false,
        enabled=personalize.has_esp("sfmc"),
    )
}}

-- grain: one row per person ever exported
{{ personalize.feed("sfmc", "subscribers", dict(
    {"subscriberkey": "varchar", "emailaddress": ["varchar", "email"]},
    **personalize.named_types(personalize.letter_fields())
)) }}
