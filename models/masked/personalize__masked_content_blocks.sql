{{ config(materialized="view") }}

-- grain: one row per mailable profile, slot and position
{{ personalize.masked("personalize__content_blocks") }}
