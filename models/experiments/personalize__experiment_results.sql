-- grain: one row per experiment, variation and metric
with

judged as (

    select
        cells.*,
        baselines.variation_id as baseline_variation_id,
        statistics.difference,
        statistics.ci_low,
        statistics.ci_high,
        statistics.chi_square,
        statistics.p_value,
        statistics.srm_p_value,
        statistics.srm_p_value >= 0.001 as srm_ok
    from {{ ref("int_personalize__experiment_cells") }} as cells
    inner join {{ ref("int_personalize__experiment_variations") }} as baselines
        on cells.experiment_id = baselines.experiment_id
        and baselines.is_baseline
    left join {{ ref("int_personalize__experiment_statistics") }} as statistics
        on cells.experiment_id = statistics.experiment_id
        and cells.variation_id = statistics.variation_id
        and cells.metric = statistics.metric

)

select
    cast(experiment_id as varchar) as experiment_id,
    cast(variation_id as varchar) as variation_id,
    cast(metric as varchar) as metric,
    cast(exposed_users as bigint) as exposed_users,
    cast(users as bigint) as users,
    cast(conversions as bigint) as conversions,
    cast(round(conversions / nullif(cast(users as double), 0), 6) as double) as rate,
    cast(baseline_variation_id as varchar) as baseline_variation_id,
    cast(round(difference, 6) as double) as difference,
    cast(round(ci_low, 6) as double) as ci_low,
    cast(round(ci_high, 6) as double) as ci_high,
    cast(round(chi_square, 6) as double) as chi_square,
    cast(round(p_value, 6) as double) as p_value,
    cast(round(srm_p_value, 6) as double) as srm_p_value,
    srm_ok,
    cast(
        case
            when share is null then 'not a declared variation: compared with nothing'
            when not srm_ok then 'not split as declared: do not trust the difference'
            when exposed_users = 0 then 'nobody has taken part yet'
            when users = 0 then 'nobody has reached the end of the conversion window yet'
            when p_value is null then 'too few people for the chi-square test'
            when crossed_users > 0 then crossed_users || ' of them were also sent another variation'
            else ''
        end as varchar
    ) as note
from judged
