-- grain: one row per person and declared experiment
with

assigned as (

    select
        assignments.profile_id,
        assignments.experiment_id,
        assignments.variation_id,
        assignments.assigned_at,
        assignments.propensity,
        variations.is_running
    from {{ ref("int_personalize__first_assignments") }} as assignments
    inner join {{ ref("int_personalize__experiment_variations") }} as variations
        on assignments.experiment_id = variations.experiment_id
        and assignments.variation_id = variations.variation_id

),

held_out as (

    select profile_id
    from assigned
    where experiment_id = 'global_holdout' and variation_id = 'held_out'

)

select
    cast(assigned.profile_id as varchar) as profile_id,
    cast(assigned.experiment_id as varchar) as experiment_id,
    cast(assigned.variation_id as varchar) as variation_id,
    cast(assigned.assigned_at as timestamp) as assigned_at,
    cast(assigned.propensity as double) as propensity,
    held_out.profile_id is not null as holdout,
    assigned.is_running
from assigned
left join held_out
    on assigned.profile_id = held_out.profile_id
