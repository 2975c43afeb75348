{{
    config(
        materialized="incremental",
        unique_key="external_id",
        full_refresh=false,
        post_hook="delete from {{ this }} where external_id in (
            select external_id from {{ ref('int_personalize__audience_state') }} where reason = 'erased'
        )",
    )
}}

-- grain: one row per person ever exported and not erased
-- who has left carries our attributes as null
with

{{ personalize.feed_clock() }},

present as (

    select
        candidates.external_id,
        candidates.payload,
        candidates.content_hash
    from {{ ref("int_personalize__braze_user_rows") }} as candidates
    where
        not exists (
            select 1
            from {{ ref("personalize__export_rejects") }} as rejects
            where rejects.esp = 'braze'
                and rejects.object = 'users'
                and rejects.record_key = candidates.external_id
        )
        and not exists (
            select 1
            from {{ ref("int_personalize__destination_refusals") }} as refusals
            where refusals.esp = 'braze'
                and refusals.external_id = candidates.external_id
        )

),

desired as (

    select
        external_id,
        payload,
        content_hash
    from present
    {%- if is_incremental() %}
    union all
    select
        departed.external_id,
        {{ personalize.braze_cleared_payload() }} as payload,
        'cleared' as content_hash
    from {{ this }} as departed
    left join present
        on departed.external_id = present.external_id
    where present.external_id is null
    {%- endif %}

)

select
    cast(feed_clock.updated_at as timestamp) as updated_at,
    cast(desired.external_id as varchar) as external_id,
    cast(desired.payload as varchar) as payload,
    cast(desired.content_hash as varchar) as content_hash
{{ personalize.from_changed("desired", "external_id") }}
