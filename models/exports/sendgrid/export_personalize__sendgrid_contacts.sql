{{
    config(
        materialized="incremental",
        unique_key="email",
        full_refresh=false,
        enabled=personalize.has_esp("sendgrid"),
    )
}}

-- grain: one row per address ever exported, one column per custom field
{{ personalize.feed("sendgrid", "contacts", dict(
    {"email": "varchar", "external_id": "varchar"}, **personalize.wide_columns("personalize_")
), departed=personalize.empty_texts(personalize.wide_columns("personalize_"))) }}
