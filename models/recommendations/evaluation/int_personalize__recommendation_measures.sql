-- grain: one row per way of making lists, metric and group it is judged for
with

products as (

    select count(*) as products
    from {{ ref("int_personalize__numbered_products") }}
    where is_recommendable

),

coverage as (

    select
        lists.model,
        'coverage' as metric,
        round(count(distinct lists.product_id) / cast(max(products.products) as double), 6)
            as value,
        count(distinct lists.product_id) as observations
    from {{ ref("int_personalize__judged_lists") }} as lists
    cross join products
    group by lists.model

),

tenths as (

    select
        model,
        chance,
        case when is_hit then 1 else 0 end as hit,
        ntile(10) over (
            partition by model
            order by chance, window_number, profile_id, product_id
        ) as tenth
    from {{ ref("int_personalize__judged_lists") }}
    where chance is not null

),

calibration as (

    select
        model,
        tenth,
        abs(cast({{ personalize.exact_sum("chance - hit") }} as double)) as gap,
        count(*) as places
    from tenths
    group by model, tenth

)

select
    cast(model as varchar) as model,
    cast(metric as varchar) as metric,
    cast(population as varchar) as population,
    cast(value as double) as value,
    cast(value_low as double) as value_low,
    cast(value_high as double) as value_high,
    cast(observations as bigint) as observations
from {{ ref("int_personalize__backtest_intervals") }}
union all
select
    model,
    metric,
    'all' as population,
    value,
    cast(null as double) as value_low,
    cast(null as double) as value_high,
    observations
from coverage
union all
select
    model,
    'calibration_error' as metric,
    'all' as population,
    round(cast({{ personalize.exact_sum("gap") }} as double) / sum(places), 6) as value,
    cast(null as double) as value_low,
    cast(null as double) as value_high,
    sum(places) as observations
from calibration
group by model
