{{
    config(
        materialized="incremental",
        unique_key=["profile_id", "change", "other_profile_id", "changed_at"],
        on_schema_change="append_new_columns",
        full_refresh=false,
    )
}}

-- grain: one row per change of a profile's id or members
with

living as (

    select distinct profile_id
    from {{ ref("int_personalize__identity_map") }}

),

moves as (

    select distinct
        registry.profile_id,
        registry.previous_profile_id,
        registry.changed_at,
        living.profile_id is not null as previous_lives_on
    from {{ ref("int_personalize__identity_registry") }} as registry
    left join living
        on registry.previous_profile_id = living.profile_id
    {%- if is_incremental() %}
    where registry.changed_at >= coalesce(
        (select max(recorded.changed_at) from {{ this }} as recorded), cast('0001-01-01' as timestamp)
    )
    {%- endif %}

),

changes as (

    select
        profile_id,
        'created' as change,
        '' as other_profile_id,
        min(changed_at) as changed_at
    from moves
    group by profile_id
    union all
    select distinct
        profile_id,
        case when previous_lives_on then 'split' else 'merged' end as change,
        previous_profile_id as other_profile_id,
        changed_at
    from moves
    where previous_profile_id is not null

)

select
    cast(changes.profile_id as varchar) as profile_id,
    cast(changes.change as varchar) as change,
    cast(changes.other_profile_id as varchar) as other_profile_id,
    cast(changes.changed_at as timestamp) as changed_at
from changes
{%- if is_incremental() %}
left join {{ this }} as recorded
    on changes.profile_id = recorded.profile_id
    and changes.change = recorded.change
    and changes.other_profile_id = recorded.other_profile_id
    and (changes.change = 'created' or changes.changed_at = recorded.changed_at)
where recorded.profile_id is null
{%- endif %}
