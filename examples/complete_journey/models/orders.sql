-- grain: one row per basket
select
    cast(basket_id as varchar) as order_id,
    'complete_journey' as source_system,
    cast(household_id as varchar) as source_customer_id,
    transaction_timestamp as ordered_at,
    'completed' as status,
    'USD' as currency,
    cast(sum(sales_value) as decimal(18, 2)) as total_amount
from {{ source("complete_journey", "transactions") }}
group by basket_id, household_id, transaction_timestamp
