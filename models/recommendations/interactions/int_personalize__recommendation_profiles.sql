-- grain: one row per profile that gets a list or may be learnt from
with

permitted as (

    select
        profile_id,
        can_personalize,
        can_market and email is not null as is_served
    from {{ ref("int_personalize__permissions") }}
    where not is_erased
        and (can_personalize or (can_market and email is not null))

)

select
    profile_id,
    cast(row_number() over (order by profile_id) - 1 as bigint) as profile_number,
    can_personalize,
    is_served,
    is_served and can_personalize
    and row_number() over (
        partition by is_served and can_personalize
        order by {{ personalize.unit_hash("profile_id") }}, profile_id
    ) <= {{ personalize.setting("recommendation_backtest_profiles") }} as is_sampled
from permitted
