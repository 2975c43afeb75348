{{ config(materialized="incremental", unique_key="as_of", full_refresh=false) }}

-- depends_on: {{ ref("personalize__exclusions") }}
-- depends_on: {{ ref("personalize__content_blocks") }}
-- depends_on: {{ ref("personalize__identities") }}
-- depends_on: {{ ref("personalize__profiles") }}
-- depends_on: {{ ref("personalize__rejected_rows") }}
-- depends_on: {{ ref("personalize__data_quality") }}
-- depends_on: {{ ref("personalize__recommendations") }}
-- grain: one row per run, with whether its audience may go out
with

today as (

    select count(*) as audience_size
    from {{ ref("int_personalize__audience_candidates") }}

),

last_release as (

    {% if is_incremental() -%}
    select audience_size
    from {{ this }}
    where is_released
        and as_of < {{ personalize.as_of() }}
    order by as_of desc
    limit 1
    {%- else -%}
    select cast(null as bigint) as audience_size
    {%- endif %}

)

select
    {{ personalize.as_of() }} as as_of,
    today.audience_size,
    last_release.audience_size as last_audience_size,
    coalesce(
        today.audience_size
        >= (1 - {{ personalize.setting("max_audience_drop") }}) * last_release.audience_size,
        true
    ) as is_released
from today
left join last_release
    on true
where {{ personalize.is_latest_run() }}
