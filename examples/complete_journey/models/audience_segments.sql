-- grain: one row per household and what the demographics say of it
with

demographics as (

    unpivot (
        select
            cast(household_id as varchar) as household_id,
            age,
            income,
            home_ownership,
            marital_status,
            household_comp as household
        from {{ source("complete_journey", "demographics") }}
    )
    on age, income, home_ownership, marital_status, household
    into name attribute value answer

)

select
    'demographics' as provider,
    replace(attribute, '_', ' ') || ': ' || answer as segment,
    'complete_journey' as source_system,
    household_id as source_customer_id,
    cast('2017-01-01' as timestamp) as valid_from
from demographics
