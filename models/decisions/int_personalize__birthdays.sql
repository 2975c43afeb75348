{%- set today = "cast(" ~ personalize.as_of() ~ " as date)" %}
-- grain: one row per profile with a plausible birth date (1 to 120 years ago)
with

anniversaries as (

    select
        profile_id,
        datediff('year', birth_date, {{ today }}) as years,
        birth_date
    from {{ ref("personalize__profiles") }}
    where birth_date between cast({{ dateadd("year", -120, today) }} as date)
        and cast({{ dateadd("year", -1, today) }} as date)

),

around_today as (

    select
        profile_id,
        cast({{ dateadd("year", "years - 1", "birth_date") }} as date) as last_year,
        cast({{ dateadd("year", "years", "birth_date") }} as date) as this_year,
        cast({{ dateadd("year", "years + 1", "birth_date") }} as date) as next_year
    from anniversaries

)

select
    profile_id,
    datediff(
        'day', case when this_year <= {{ today }} then this_year else last_year end, {{ today }}
    ) as days_since_birthday,
    datediff(
        'day', {{ today }}, case when this_year >= {{ today }} then this_year else next_year end
    ) as days_until_birthday
from around_today
