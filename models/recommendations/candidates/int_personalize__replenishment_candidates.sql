-- grain: one row per window, profile and product that the person is about to run out of
{%- set lead_days = personalize.setting("replenish_lead_days") %}
with

rhythms as (

    select
        window_number,
        profile_id,
        product_id,
        weight,
        last_bought_days_ago,
        (first_bought_days_ago - last_bought_days_ago)
        / cast(purchase_count - 1 as double) as interval_days
    from {{ ref("int_personalize__interactions") }}
    where purchase_count >= 2
        and weight > 0

),

due as (

    select
        rhythms.window_number,
        rhythms.profile_id,
        rhythms.product_id,
        round(
            rhythms.weight
            * exp(0.5 - 0.5 * greatest(1.0, rhythms.last_bought_days_ago / rhythms.interval_days)),
            6
        ) as score
    from rhythms
    inner join {{ ref("int_personalize__recommendation_requests") }} as requests
        on rhythms.window_number = requests.window_number
        and rhythms.profile_id = requests.profile_id
    inner join {{ ref("int_personalize__replenishable_products") }} as replenishable
        on rhythms.window_number = replenishable.window_number
        and rhythms.product_id = replenishable.product_id
    inner join {{ ref("int_personalize__numbered_products") }} as products
        on rhythms.product_id = products.product_id
    left join {{ ref("int_personalize__blocked_products") }} as blocked
        on rhythms.window_number = blocked.window_number
        and rhythms.profile_id = blocked.profile_id
        and rhythms.product_id = blocked.product_id
        and not blocked.may_be_due
    where blocked.product_id is null
        and rhythms.last_bought_days_ago + {{ lead_days }} >= rhythms.interval_days
        and replenishable.is_replenishable
        and products.is_recommendable

)

select
    window_number,
    profile_id,
    product_id,
    'replenishment' as strategy,
    score,
    row_number() over (
        partition by window_number, profile_id
        order by score desc, product_id
    ) as strategy_rank,
    'due_again' as reason_code,
    product_id as evidence_product_id
from due
qualify strategy_rank <= {{ personalize.setting("recommendations_per_profile") }}
