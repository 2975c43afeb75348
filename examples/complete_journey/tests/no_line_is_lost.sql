-- Every row of the source is an order line, and their money is the same but for a cent where a price was divided.
with

source_rows as (

    select
        count(*) as lines,
        sum(case when quantity > 0 then sales_value else 0 end) as amount
    from {{ source("complete_journey", "transactions") }}

),

mapped as (

    select
        count(*) as lines,
        sum(case when quantity > 0 then quantity * unit_price - discount_amount else 0 end) as amount
    from {{ ref("order_lines") }}

)

select
    source_rows.lines as source_lines,
    mapped.lines,
    source_rows.amount as source_amount,
    mapped.amount
from source_rows
cross join mapped
where source_rows.lines <> mapped.lines or abs(source_rows.amount - mapped.amount) > 5
