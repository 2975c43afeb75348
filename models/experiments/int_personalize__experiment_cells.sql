-- grain: one row per experiment, variation (declared, or only seen on sends) and metric
with

counted as (

    select
        experiment_id,
        variation_id,
        count(*) as exposed_users,
        count_if(is_crossed) as crossed_users,
        count_if(is_over) as users,
        count_if(is_over and has_bought) as conversions
    from {{ ref("int_personalize__experiment_outcomes") }}
    group by experiment_id, variation_id

)

select
    coalesce(variations.experiment_id, counted.experiment_id) as experiment_id,
    coalesce(variations.variation_id, counted.variation_id) as variation_id,
    'purchase' as metric,
    variations.share,
    coalesce(variations.is_baseline, false) as is_baseline,
    coalesce(counted.exposed_users, 0) as exposed_users,
    coalesce(counted.crossed_users, 0) as crossed_users,
    coalesce(counted.users, 0) as users,
    coalesce(counted.conversions, 0) as conversions
from {{ ref("int_personalize__experiment_variations") }} as variations
full outer join counted
    on variations.experiment_id = counted.experiment_id
    and variations.variation_id = counted.variation_id
