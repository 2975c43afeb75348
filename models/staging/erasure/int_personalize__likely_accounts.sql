{{ config(materialized="incremental", unique_key="identifier_hash", full_refresh=false) }}

-- grain: one row per account that the last run joined with others by likeness, and of these others
-- written by int_personalize__identity_registry, when a run knows who is who
select
    cast(null as varchar) as identifier_hash,
    cast(null as varchar) as profile_id,
    cast(null as double) as match_probability,
    cast(null as timestamp) as erased_before
where false
