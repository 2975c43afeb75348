{%- set severities = personalize.data_quality_severities() %}
{%- set ages = personalize.setting("input_max_age_hours") %}
{%- set lookalikes = personalize.lookalike_segments() %}
-- grain: one row per check, input and subject of this run
-- depends_on: {{ ref("int_personalize__lookalike_seeds") }}
with

row_counts as (

    {%- for outcome in ["read", "kept", "later"] %}
    select
        'rows_{{ outcome }}' as check_name,
        source_table,
        cast('' as varchar) as subject,
        cast(rows_{{ outcome }} as double) as measured_value,
        cast(null as double) as expected_value,
        'info' as severity
    from {{ ref("int_personalize__row_counts") }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

rejections as (

    select
        'rows_rejected' as check_name,
        source_table,
        reason as subject,
        cast(count(*) as double) as measured_value,
        cast(0 as double) as expected_value,
        'warn' as severity
    from {{ ref("personalize__rejected_rows") }}
    group by 2, 3

),

unknown_products as (

    select
        'unknown_product' as check_name,
        'order_lines' as source_table,
        cast('' as varchar) as subject,
        cast(count(*) as double) as measured_value,
        cast(0 as double) as expected_value,
        'warn' as severity
    from {{ ref("stg_personalize__order_lines") }} as lines
    left join {{ ref("int_personalize__current_products") }} as products
        on lines.product_id = products.product_id
    where products.product_id is null
    having count(*) > 0

),

daily_orders as (

    select
        source_system,
        cast(ordered_at as date) as order_date,
        count(*) as order_count,
        sum(total_amount) as total_amount
    from {{ ref("stg_personalize__orders") }}
    group by 1, 2

),

control_totals as (

    select
        controls.source_system || ' ' || cast(controls.order_date as varchar) as subject,
        controls.order_count as expected_count,
        controls.total_amount as expected_amount,
        coalesce(daily_orders.order_count, 0) as order_count,
        coalesce(daily_orders.total_amount, 0) as total_amount
    from {{ ref("stg_personalize__order_control_totals") }} as controls
    left join daily_orders
        on controls.source_system = daily_orders.source_system
        and controls.order_date = daily_orders.order_date
    where controls.order_date < cast({{ personalize.as_of() }} as date)

),

mismatches as (

    select
        'order_count_differs_from_control_total' as check_name,
        'orders' as source_table,
        subject,
        cast(order_count as double) as measured_value,
        cast(expected_count as double) as expected_value,
        'warn' as severity
    from control_totals
    where order_count <> expected_count
    union all
    select
        'order_amount_differs_from_control_total' as check_name,
        'orders' as source_table,
        subject,
        cast(total_amount as double) as measured_value,
        cast(expected_amount as double) as expected_value,
        'warn' as severity
    from control_totals
    where abs(total_amount - expected_amount) >= 0.01

),

capped_histories as (

    select
        'interactions_beyond_cap' as check_name,
        cast('' as varchar) as source_table,
        'products left out of the histories of ' || cast(profiles_capped as varchar)
        || ' profiles' as subject,
        cast(interactions_left_out as double) as measured_value,
        cast(0 as double) as expected_value,
        'info' as severity
    from {{ ref("int_personalize__interaction_caps") }}
    where window_number = 0 and interactions_left_out > 0

),

{%- if lookalikes %}
lookalike_seeds as (

    {%- for id in lookalikes %}
    select
        'lookalike_seeds_too_few' as check_name,
        cast('' as varchar) as source_table,
        '{{ id }}' as subject,
        cast(count(*) as double) as measured_value,
        cast({{ personalize.setting("lookalike_min_seeds") }} as double) as expected_value,
        'warn' as severity
    from {{ ref("int_personalize__lookalike_seeds") }}
    where segment_id = '{{ id }}'
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

{%- endif %}

contract as (

    select
        'input_contract_version' as check_name,
        cast('' as varchar) as source_table,
        cast('' as varchar) as subject,
        cast({{ personalize.input_contract_version() }} as double) as measured_value,
        cast(null as double) as expected_value,
        'info' as severity

),

stale_inputs as (

    select
        'input_is_stale' as check_name,
        source_table,
        cast('' as varchar) as subject,
        value as measured_value,
        {{ personalize.looked_up("source_table", ages, "double") }} as expected_value,
        'warn' as severity
    from {{ ref("int_personalize__input_history") }}
    where measure = 'hours_since_newest' and as_of = {{ personalize.as_of() }}

),

anomalies as (

    select
        measure || '_anomaly' as check_name,
        source_table,
        subject,
        value as measured_value,
        usual_value as expected_value,
        'warn' as severity,
        robust_z_score
    from {{ ref("int_personalize__input_anomalies") }}

),

unusual_runs as (

    select
        'unusual_run' as check_name,
        source_table,
        leading_measure as subject,
        score as measured_value,
        highest_earlier_score as expected_value,
        'warn' as severity
    from {{ ref("int_personalize__unusual_runs") }}

),

all_checks as (

    select * from row_counts
    union all
    select * from contract
    union all
    select * from stale_inputs
    where measured_value > expected_value
    union all
    select * from rejections
    union all
    select * from unknown_products
    union all
    select * from mismatches
    union all
    select * from capped_histories
    union all
    select * from unusual_runs
    {%- if lookalikes %}
    union all
    select * from lookalike_seeds
    where measured_value < expected_value
    {%- endif %}

),

with_anomalies as (

    select
        all_checks.*,
        cast(null as double) as robust_z_score
    from all_checks
    union all
    select * from anomalies

)

select
    cast(check_name as varchar) as check_name,
    cast(source_table as varchar) as source_table,
    cast(subject as varchar) as subject,
    cast(measured_value as double) as measured_value,
    cast(expected_value as double) as expected_value,
    coalesce(
        {{ personalize.looked_up("check_name", severities, "varchar") }}, cast(severity as varchar)
    ) as severity,
    cast(robust_z_score as double) as robust_z_score
from with_anomalies
