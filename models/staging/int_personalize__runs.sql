{{ config(materialized="incremental", unique_key="as_of", full_refresh=false) }}

-- grain: one row per as_of this database was built for
select {{ personalize.as_of() }} as as_of
