{%- set order = personalize.message_order() -%}
-- grain: one row per profile and rule that hit it; at most one per profile won
with

scored as (

    select
        judged.*,
        coalesce(scores.score, 0) as score
    from {{ ref("int_personalize__judged_triggers") }} as judged
    left join {{ ref("personalize__message_scores") }} as scores
        on judged.profile_id = scores.profile_id
        and judged.rule_id = scores.rule_id

),

winners as (

    select
        profile_id,
        rule_id
    from scored
    where obstacle is null
    qualify
        row_number() over (partition by profile_id order by {{ order | join(", ") }}) = 1

)

select
    cast(judged.profile_id as varchar) as profile_id,
    cast(judged.rule_id as varchar) as rule_id,
    cast(judged.triggered_at as timestamp) as triggered_at,
    cast(judged.priority as bigint) as priority,
    cast(
        case when judged.rule_id = winners.rule_id then 'won' else 'suppressed' end as varchar
    ) as outcome,
    cast(
        case
            when judged.obstacle is not null then judged.obstacle
            when judged.rule_id <> winners.rule_id then winners.rule_id
        end as varchar
    ) as suppressed_by,
    cast(judged.product_id as varchar) as product_id,
    cast(judged.score as double) as score,
    cast(quiet_hours.send_not_before as timestamp) as send_not_before
from scored as judged
left join winners
    on judged.profile_id = winners.profile_id
left join {{ ref("int_personalize__quiet_hours") }} as quiet_hours
    on judged.profile_id = quiet_hours.profile_id
