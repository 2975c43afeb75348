{{ config(materialized="view") }}

-- grain: one row per rejected row
{{ personalize.masked("personalize__rejected_rows") }}
