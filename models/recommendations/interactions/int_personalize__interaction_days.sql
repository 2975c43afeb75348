-- grain: one row per profile, product, kind of interaction and 24 hours counted back from as_of
{%- set days = personalize.setting("interaction_history_days") | int
    + personalize.setting("recommendation_backtest_windows") | int
    * personalize.setting("recommendation_backtest_days") | int %}
with

occurrences as (

    select
        profile_id,
        product_id,
        case when quantity < 0 then 'return' else 'purchase' end as interaction,
        ordered_at as occurred_at,
        abs(quantity) as quantity
    from {{ ref("int_personalize__purchases") }}
    where quantity <> 0
    union all
    select
        profile_id,
        product_id,
        event_type as interaction,
        occurred_at,
        1.0 as quantity
    from {{ ref("int_personalize__resolved_web_events") }}
    where event_type <> 'purchase'
        and not is_bot
    union all
    select
        profile_id,
        product_id,
        'email_' || event_type as interaction,
        occurred_at,
        1.0 as quantity
    from {{ ref("int_personalize__resolved_email_events") }}
    where not is_machine

),

permitted as (

    select
        occurrences.*,
        weights.weight,
        coalesce(
            cast(weights.half_life_days as double),
            {{ personalize.setting("interaction_half_life_days") }}
        ) as half_life_days,
        {{ personalize.days_ago("occurrences.occurred_at") }} as days_ago
    from occurrences
    inner join {{ ref("personalize_interaction_weights") }} as weights
        on occurrences.interaction = weights.interaction
    inner join {{ ref("int_personalize__recommendation_profiles") }} as profiles
        on occurrences.profile_id = profiles.profile_id
    where profiles.can_personalize
        and occurrences.product_id is not null
        and occurrences.occurred_at <= {{ personalize.as_of() }}
        and occurrences.occurred_at > {{ dbt.dateadd("day", -days, personalize.as_of()) }}

),

per_day as (

    select
        profile_id,
        product_id,
        interaction,
        days_ago,
        max(occurred_at) as last_occurred_at,
        max(weight) as weight,
        max(half_life_days) as half_life_days,
        case when interaction in ('purchase', 'return') then sum(quantity) else 1.0 end as quantity
    from permitted
    group by profile_id, product_id, interaction, days_ago

)

select
    profile_id,
    product_id,
    interaction,
    days_ago,
    last_occurred_at,
    half_life_days,
    round(weight * ln(1 + case when quantity < 3 then quantity else 3 end) / ln(2), 6) as weight
from per_day
