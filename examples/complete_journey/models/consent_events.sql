-- grain: one row per decision; all of them are made up
with

decisions as (

    select household_id, 'marketing' as purpose, 'granted' as status, first_bought_at as occurred_at
    from {{ ref("households") }}
    where marketing_draw < 0.9
    union all
    select household_id, 'personalization', 'granted', first_bought_at
    from {{ ref("households") }}
    where marketing_draw < 0.9 and personalization_draw < 0.8
    union all
    select household_id, 'third_party_data', 'granted', first_bought_at
    from {{ ref("households") }}
    where marketing_draw < 0.9 and third_party_draw < 0.6
    union all
    select household_id, 'marketing', 'withdrawn', first_bought_at + to_days(cast(withdrawal_draw * 5000 as integer) + 7)
    from {{ ref("households") }}
    where marketing_draw < 0.9 and withdrawal_draw < 0.06

)

select
    'made-up-' || household_id || '-' || purpose || '-' || status as event_id,
    occurred_at,
    'complete_journey' as source_system,
    household_id as source_customer_id,
    'email' as channel,
    purpose,
    status,
    'consent' as lawful_basis,
    'made up for this example' as collected_via
from decisions
