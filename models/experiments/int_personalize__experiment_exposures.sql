-- grain: one row per person and experiment they took part in
with

exposed as (

    select
        sends.profile_id,
        sends.experiment_id,
        sends.first_variation_id,
        sends.first_sent_at,
        sends.is_crossed,
        case
            when assignments.assigned_at <= sends.first_sent_at then assignments.variation_id
            else sends.first_variation_id
        end as variation_id
    from {{ ref("int_personalize__experiment_sends") }} as sends
    left join {{ ref("personalize__experiment_assignments") }} as assignments
        on sends.profile_id = assignments.profile_id
        and sends.experiment_id = assignments.experiment_id
    where sends.experiment_id <> 'global_holdout'

)

select
    profile_id,
    experiment_id,
    variation_id,
    first_sent_at as exposed_at,
    is_crossed or variation_id <> first_variation_id as is_crossed
from exposed
union all
select
    profile_id,
    experiment_id,
    variation_id,
    assigned_at as exposed_at,
    false as is_crossed
from {{ ref("personalize__experiment_assignments") }}
where experiment_id = 'global_holdout'
