{{
    config(
        materialized="incremental",
        unique_key=["profile_id", "segment_id", "entered_at"],
        full_refresh=false,
        pre_hook="{{ personalize.forget_erased_profiles() }}",
    )
}}

-- grain: one row per profile, segment and stay in it; left_at is null while it lasts
-- depends_on: {{ ref("int_personalize__permissions") }}
with

members as (

    select
        profile_id,
        segment_id
    from {{ ref("int_personalize__segment_members") }}
    where {{ personalize.is_latest_run() }}

){% if is_incremental() %},

open_spells as (

    select
        profile_id,
        segment_id,
        entered_at
    from {{ this }}
    where left_at is null
        and {{ personalize.is_latest_run() }}

)

select
    members.profile_id,
    members.segment_id,
    {{ personalize.as_of() }} as entered_at,
    cast(null as timestamp) as left_at
from members
left join open_spells
    on members.profile_id = open_spells.profile_id
    and members.segment_id = open_spells.segment_id
where open_spells.profile_id is null
union all
select
    open_spells.profile_id,
    open_spells.segment_id,
    open_spells.entered_at,
    {{ personalize.as_of() }} as left_at
from open_spells
left join members
    on open_spells.profile_id = members.profile_id
    and open_spells.segment_id = members.segment_id
where members.profile_id is null
{%- else %}

select
    profile_id,
    segment_id,
    {{ personalize.as_of() }} as entered_at,
    cast(null as timestamp) as left_at
from members
{%- endif %}
