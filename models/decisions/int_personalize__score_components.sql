{%- set active_days = personalize.setting("churn_active_days") -%}
-- grain: one row per profile that allows personalization; what speaks for a message, 0 to 1 each
with

facts as (

    select
        *,
        coalesce(country, '') || '|' || coalesce(loyalty_tier, '') as kind_of_person,
        case when days_since_last_order <= {{ active_days }} then 1 else 0 end as is_active
    from {{ ref("int_personalize__decision_facts") }}
    where can_personalize

),

everybody as (

    select avg(cast(is_active as double)) as active_share
    from facts

),

kinds as (

    select
        facts.kind_of_person,
        round(
            (sum(facts.is_active) + 20 * max(everybody.active_share)) / (count(*) + 20), 6
        ) as active_share
    from facts
    cross join everybody
    group by 1

)

select
    facts.profile_id,
    round(
        coalesce(facts.recency_score + facts.frequency_score + facts.monetary_score, 0) / 15.0, 6
    ) as purchase,
    round(coalesce(exp(-facts.hours_since_visit / 168.0), 0), 6) as browsing,
    round(coalesce(facts.engagement_score, 0), 6) as engagement,
    kinds.active_share as demographics,
    round(coalesce(facts.purchase_score, 0), 6) as purchase_prediction,
    round(coalesce(facts.churn_score, 0), 6) as churn_prediction
from facts
inner join kinds
    on facts.kind_of_person = kinds.kind_of_person
