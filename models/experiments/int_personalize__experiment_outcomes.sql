{%- set window = personalize.setting("conversion_window_days") | int -%}
-- grain: one row per person and experiment they took part in
with

windows as (

    select
        profile_id,
        experiment_id,
        variation_id,
        is_crossed,
        exposed_at,
        {{ dbt.dateadd("day", window, "exposed_at") }} as window_ends_at
    from {{ ref("int_personalize__experiment_exposures") }}

),

buyers as (

    select distinct
        windows.profile_id,
        windows.experiment_id
    from windows
    inner join {{ ref("int_personalize__purchases") }} as purchases
        on windows.profile_id = purchases.profile_id
        and windows.exposed_at < purchases.ordered_at
        and windows.window_ends_at >= purchases.ordered_at
        and not purchases.is_return

)

select
    windows.profile_id,
    windows.experiment_id,
    windows.variation_id,
    windows.is_crossed,
    windows.window_ends_at <= {{ personalize.as_of() }} as is_over,
    buyers.profile_id is not null as has_bought
from windows
left join buyers
    on windows.profile_id = buyers.profile_id
    and windows.experiment_id = buyers.experiment_id
