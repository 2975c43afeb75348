{{ config(materialized="view") }}

-- grain: one row per person in the audience
{{ personalize.masked("personalize__audience") }}
