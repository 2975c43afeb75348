{%- set methods = personalize.imputation() %}
-- grain: one row per feature that is imputed and neighbourhood ('' stands for everybody)
with

known as (

    {%- for feature in methods %}
    select
        '{{ feature }}' as feature,
        features.neighbourhood,
        features.{{ feature }} as value
    from {{ ref("int_personalize__known_features") }} as features
    where features.window_number > 1 and features.{{ feature }} is not null
    union all
    {%- endfor %}
    select
        cast(null as varchar) as feature,
        cast(null as varchar) as neighbourhood,
        cast(null as double) as value
    where 1 = 0

),

medians as (

    select
        feature,
        median(value) as value,
        count(*) as profiles
    from known
    group by feature

),

modes as (

    select
        feature,
        value
    from known
    group by feature, value
    qualify row_number() over (partition by feature order by count(*) desc, value) = 1

),

everybody as (

    select
        medians.feature,
        {{ personalize.looked_up("medians.feature", methods, "varchar") }} as method,
        medians.value as median_value,
        modes.value as mode_value,
        medians.profiles
    from medians
    inner join modes
        on medians.feature = modes.feature

),

neighbours as (

    select
        known.feature,
        known.neighbourhood,
        (
            cast({{ personalize.exact_sum("known.value") }} as double)
            + 10 * min(everybody.median_value)
        ) / cast(count(*) + 10 as double) as value,
        count(*) as profiles
    from known
    inner join everybody
        on known.feature = everybody.feature
        and everybody.method = 'nearest'
    group by known.feature, known.neighbourhood

),

stand_ins as (

    select
        feature,
        neighbourhood,
        value,
        profiles
    from neighbours
    union all
    select
        feature,
        '' as neighbourhood,
        case when method = 'mode' then mode_value else median_value end as value,
        profiles
    from everybody

)

select
    feature,
    neighbourhood,
    cast(round(value, 6) as double) as value,
    profiles
from stand_ins
