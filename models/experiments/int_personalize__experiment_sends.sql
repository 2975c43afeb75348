-- grain: one row per person and experiment with a send that names the experiment
with

sends as (

    select
        events.profile_id,
        events.experiment_id,
        events.variant_id,
        events.occurred_at,
        events.event_id
    from {{ ref("int_personalize__resolved_email_events") }} as events
    inner join {{ ref("int_personalize__experiment_variations") }} as experiments
        on events.experiment_id = experiments.experiment_id
        and experiments.is_baseline
        and coalesce(events.occurred_at >= experiments.starts_at, true)
        and coalesce(events.occurred_at < experiments.ends_at, true)
    where events.event_type = 'send'
        and events.profile_id is not null
        and events.variant_id is not null

)

select
    profile_id,
    experiment_id,
    variant_id as first_variation_id,
    occurred_at as first_sent_at,
    min(variant_id) over (partition by profile_id, experiment_id)
    <> max(variant_id) over (partition by profile_id, experiment_id) as is_crossed
from sends
qualify row_number() over (
        partition by profile_id, experiment_id
        order by occurred_at, event_id
    ) = 1
