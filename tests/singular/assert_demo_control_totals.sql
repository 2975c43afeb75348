{{ config(enabled=(target.profile_name == "personalize_demo")) }}

{%- set missing_orders = {
    "shop 2026-01-20": 1,
    "shop 2026-02-05": 1,
    "shop 2026-02-06": 1,
    "shop 2026-03-02": 1,
    "shop 2026-03-15": 3,
} %}

-- one row per day on which the demo's orders differ from its control totals and should not, or the
-- other way round: three days lack an erased order, one a rejected one, and of one the shop says
-- too much
with

expected as (

    {%- for day, orders in missing_orders.items() %}
    select
        '{{ day }}' as subject,
        {{ orders }} as missing_orders
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

found as (

    select
        subject,
        expected_value - measured_value as missing_orders
    from {{ ref("personalize__data_quality") }}
    where check_name = 'order_count_differs_from_control_total'

)

select
    coalesce(expected.subject, found.subject) as subject,
    expected.missing_orders as expected_missing_orders,
    found.missing_orders as found_missing_orders
from expected
full outer join found
    on expected.subject = found.subject
where expected.missing_orders is distinct from found.missing_orders
