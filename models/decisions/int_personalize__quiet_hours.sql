{%- set quiet = personalize.quiet_hours() -%}
{%- set minute_of_day -%}
cast(extract(hour from local_time) * 60 + extract(minute from local_time) as integer)
{%- endset -%}
-- grain: one row per profile, with its time zone and when its quiet hours end, if it has them now
with

offsets as (

    {{ personalize.timezone_rows() | indent(4) }}

),

local_times as (

    select
        profiles.profile_id,
        coalesce(offsets.timezone, default_offset.timezone) as timezone,
        cast(
            {{ dateadd(
                "minute", "coalesce(offsets.offset_minutes, default_offset.offset_minutes)",
                personalize.as_of()
            ) }} as timestamp
        ) as local_time
    from {{ ref("personalize__profiles") }} as profiles
    inner join offsets as default_offset
        on default_offset.timezone = {{ personalize.text_literal(quiet.default_timezone) }}
    left join offsets
        on profiles.timezone = offsets.timezone

),

minutes as (

    select
        profile_id,
        timezone,
        mod({{ minute_of_day }} - {{ quiet.from }} + 1440, 1440) as minutes_of_quiet,
        mod({{ quiet.to }} - {{ minute_of_day }} + 1440, 1440) as minutes_to_wait
    from local_times

)

select
    profile_id,
    timezone,
    cast(
        case
            when minutes_of_quiet < {{ quiet.minutes }}
                then {{ dateadd(
                    "minute", "minutes_to_wait",
                    "date_trunc('minute', " ~ personalize.as_of() ~ ")"
                ) }}
        end as timestamp
    ) as send_not_before
from minutes
