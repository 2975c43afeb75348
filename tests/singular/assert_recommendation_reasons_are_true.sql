-- One row per recommendation whose reason the person's own orders and events do not bear out, whose
-- strategy and reason do not belong together, or that discovers what was bought before.
with

bought as (

    select distinct
        profile_id,
        product_id
    from {{ ref("int_personalize__purchases") }}
    where quantity > 0
        and ordered_at > {{ dbt.dateadd(
            "day", -(personalize.setting("interaction_history_days") | int), personalize.as_of()
        ) }}

),

looked_at as (

    select distinct
        profile_id,
        product_id
    from {{ ref("int_personalize__resolved_web_events") }}
    where not is_bot
    union
    select distinct
        profile_id,
        product_id
    from {{ ref("int_personalize__resolved_email_events") }}
    where not is_machine

),

checked as (

    select
        recommendations.*,
        bought.product_id is not null as is_bought,
        looked_at.product_id is not null as is_looked_at,
        bought_product.product_id is not null as is_product_bought
    from {{ ref("personalize__recommendations") }} as recommendations
    left join bought
        on recommendations.profile_id = bought.profile_id
        and recommendations.evidence_product_id = bought.product_id
    left join looked_at
        on recommendations.profile_id = looked_at.profile_id
        and recommendations.evidence_product_id = looked_at.product_id
    left join bought as bought_product
        on recommendations.profile_id = bought_product.profile_id
        and recommendations.product_id = bought_product.product_id

)

select
    profile_id,
    product_id,
    strategy,
    reason_code,
    evidence_product_id
from checked
where not case reason_code
    when 'due_again'
        then strategy = 'replenish' and is_bought and evidence_product_id = product_id
    when 'bought_before'
        then strategy = 'buy_again' and is_bought and evidence_product_id = product_id
    when 'bought_together'
        then strategy = 'similar' and is_bought and evidence_product_id <> product_id
    when 'viewed_together'
        then strategy = 'similar' and is_looked_at and evidence_product_id <> product_id
    when 'trending' then strategy = 'trending' and evidence_product_id is null
    when 'popular' then strategy = 'popular' and evidence_product_id is null
    else false
end
    or (strategy = 'similar' and is_product_bought)
