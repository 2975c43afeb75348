-- grain: one row per day that had ended by as_of: what the tills say
select
    'complete_journey' as source_system,
    cast(transaction_timestamp as date) as order_date,
    count(distinct basket_id) as order_count,
    cast(sum(sales_value) as decimal(18, 2)) as total_amount
from {{ source("complete_journey", "transactions") }}
where date_trunc('day', transaction_timestamp) + interval 1 day <= {{ personalize.as_of() }}
group by cast(transaction_timestamp as date)
