{{ config(materialized="incremental", unique_key="id", full_refresh=false) }}

-- grain: one row per product ever exported; a product that is gone is marked deleted
with

{{ personalize.feed_clock() }},

present as (

    select
        candidates.id,
        candidates.payload,
        candidates.content_hash,
        false as deleted
    from {{ ref("int_personalize__braze_catalog_rows") }} as candidates
    where
        not exists (
            select 1
            from {{ ref("personalize__export_rejects") }} as rejects
            where rejects.esp = 'braze'
                and rejects.object = 'catalog'
                and rejects.record_key = candidates.id
        )

),

desired as (

    select
        id,
        payload,
        content_hash,
        deleted
    from present
    {%- if is_incremental() %}
    union all
    select
        gone.id,
        '{}' as payload,
        'deleted' as content_hash,
        true as deleted
    from {{ this }} as gone
    left join present
        on gone.id = present.id
    where present.id is null
    {%- endif %}

)

select
    cast(feed_clock.updated_at as timestamp) as updated_at,
    cast(desired.id as varchar) as id,
    cast(desired.payload as varchar) as payload,
    cast(desired.deleted as boolean) as deleted,
    cast(desired.content_hash as varchar) as content_hash
{{ personalize.from_changed("desired", "id") }}
