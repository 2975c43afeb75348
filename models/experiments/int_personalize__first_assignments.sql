{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["profile_id", "experiment_id"],
        on_schema_change="append_new_columns",
        full_refresh=false,
        pre_hook="{{ personalize.forget_erased_profiles() }}",
    )
}}
{%- set seed = personalize.setting("experiment_seed") | string | replace("'", "''") %}

-- grain: one row per person and experiment, written in the first run that saw them together
with

people as (

    select profile_id
    from {{ ref("int_personalize__permissions") }}
    where email is not null and not is_erased

),

running as (

    select distinct experiment_id
    from {{ ref("int_personalize__experiment_variations") }}
    where is_running

),

known as (

    {% if is_incremental() -%}
    select
        written.profile_id,
        written.experiment_id
    from {{ this }} as written
    inner join {{ ref("int_personalize__experiment_variations") }} as declared
        on written.experiment_id = declared.experiment_id
        and written.variation_id = declared.variation_id
    {%- else -%}
    select
        cast(null as varchar) as profile_id,
        cast(null as varchar) as experiment_id
    where false
    {%- endif %}

),

draws as (

    select
        people.profile_id,
        running.experiment_id,
        {{ personalize.unit_hash(
            "'" ~ seed ~ "|' || running.experiment_id || '|' || people.profile_id"
        ) }} as draw
    from people
    cross join running

)

select
    draws.profile_id,
    draws.experiment_id,
    variations.variation_id,
    {{ personalize.as_of() }} as assigned_at,
    variations.share as propensity
from draws
inner join {{ ref("int_personalize__experiment_variations") }} as variations
    on draws.experiment_id = variations.experiment_id
    and draws.draw >= variations.share_from
    and draws.draw < variations.share_to
left join known
    on draws.profile_id = known.profile_id
    and draws.experiment_id = known.experiment_id
where known.profile_id is null
    and {{ personalize.is_latest_run() }}
