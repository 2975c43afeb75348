-- grain: one row per household; the draws decide what is made up, the same every time
with

first_baskets as (

    select
        cast(household_id as varchar) as household_id,
        min(transaction_timestamp) as first_bought_at
    from {{ source("complete_journey", "transactions") }}
    group by household_id

)

select
    household_id,
    first_bought_at,
    {{ personalize.unit_hash("'address|' || household_id") }} as address_draw,
    {{ personalize.unit_hash("'marketing|' || household_id") }} as marketing_draw,
    {{ personalize.unit_hash("'personalization|' || household_id") }} as personalization_draw,
    {{ personalize.unit_hash("'third party|' || household_id") }} as third_party_draw,
    {{ personalize.unit_hash("'withdrawal|' || household_id") }} as withdrawal_draw
from first_baskets
