{{ config(materialized="view") }}

-- grain: one row per accepted record
{{ personalize.masked("personalize__identities") }}
