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
where (strategy = 'similar' and is_product_bought)
    or not (
        (
            strategy || ' ' || reason_code in ('replenish due_again', 'buy_again bought_before')
            and is_bought
            and evidence_product_id = product_id
        )
        or (strategy || ' ' || reason_code = 'similar bought_together' and is_bought)
        or (strategy || ' ' || reason_code = 'similar viewed_together' and is_looked_at)
        or (
            strategy || ' ' || reason_code in ('trending trending', 'popular popular')
            and evidence_product_id is null
        )
    )
