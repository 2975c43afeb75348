{{ config(materialized="incremental", unique_key="external_id", full_refresh=false) }}

-- depends_on: {{ ref("personalize__exclusions") }}
-- depends_on: {{ ref("int_personalize__erased_profiles") }}
-- grain: one row per external id that was ever in the audience
with

{{ personalize.feed_clock() }},

present as (

    select
        external_id,
        profile_id,
        email_hash,
        content_hash,
        true as is_live,
        cast(null as varchar) as reason
    from {{ ref("int_personalize__audience_candidates") }}

),

departed as (

    {% if is_incremental() -%}
    select
        held.external_id,
        held.profile_id,
        held.email_hash,
        case when erased.profile_id is not null then 'erased' else 'removed' end as content_hash,
        false as is_live,
        coalesce(
            case when erased.profile_id is not null then 'erased' end, exclusions.reason, 'merged_or_gone'
        ) as reason
    from {{ this }} as held
    left join present
        on held.external_id = present.external_id
    left join {{ ref("int_personalize__erased_profiles") }} as erased
        on held.profile_id = erased.profile_id
    left join {{ ref("personalize__exclusions") }} as exclusions
        on held.profile_id = exclusions.profile_id
    where present.external_id is null
    {%- else -%}
    select *
    from present
    where false
    {%- endif %}

),

desired as (

    select * from present
    union all
    select * from departed

)

select
    desired.external_id,
    desired.profile_id,
    desired.email_hash,
    desired.content_hash,
    desired.is_live,
    desired.reason,
    feed_clock.updated_at
{{ personalize.from_changed("desired", "external_id") }}
