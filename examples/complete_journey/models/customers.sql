-- grain: one row per household; the address is made up, and one household in twenty has none
select
    'complete_journey' as source_system,
    household_id as source_customer_id,
    case when address_draw < 0.95 then 'household-' || household_id || '@made-up.example' end as email,
    'US' as country,
    'en' as language,
    first_bought_at as created_at,
    first_bought_at as updated_at
from {{ ref("households") }}
