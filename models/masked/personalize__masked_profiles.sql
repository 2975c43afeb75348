{{ config(materialized="view") }}

-- grain: one row per profile
{{ personalize.masked("personalize__profiles") }}
