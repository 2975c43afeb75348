{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        enabled=personalize.has_esp("braze"),
    )
}}

-- grain: one row per external id that was exported and then erased
with

{{ personalize.feed_clock() }},

desired as (

    select
        external_id,
        'erased' as content_hash
    from {{ ref("int_personalize__audience_state") }}
    where reason = 'erased'

)

select
    cast(
        {{ personalize.own_time("feed_clock.updated_at", ["desired.external_id"]) }} as timestamp
    ) as updated_at,
    cast(desired.external_id as varchar) as external_id,
    cast(desired.content_hash as varchar) as content_hash
{{ personalize.from_changed("desired", "external_id") }}
