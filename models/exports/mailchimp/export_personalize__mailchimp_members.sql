{{
    config(
        materialized="incremental",
        unique_key="subscriber_hash",
        full_refresh=false,
        enabled=personalize.has_esp("mailchimp"),
    )
}}

-- grain: one row per address ever exported, one column per merge field
{{ personalize.feed("mailchimp", "members", dict(
    {
        "subscriber_hash": "varchar",
        "email_address": "varchar",
        "external_id": "varchar",
        "language": ["varchar", "locale"],
    },
    **personalize.mailchimp_merge_fields()
), departed=personalize.empty_texts(personalize.mailchimp_merge_fields())) }}
