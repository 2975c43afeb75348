{%- set dimensions = {
    "category": "products.category", "brand": "products.brand", "product": "signals.product_id",
} %}
-- grain: one row per profile that may be personalised for, dimension and value
with

signals as (

    select
        purchases.profile_id,
        purchases.product_id,
        {{ personalize.days_between("purchases.ordered_at", personalize.as_of()) }} as days_ago,
        'purchase' as event_type
    from {{ ref("int_personalize__purchases") }} as purchases
    where not purchases.is_return
    union all
    select
        profile_id,
        product_id,
        {{ personalize.days_between("occurred_at", personalize.as_of()) }} as days_ago,
        event_type
    from {{ ref("int_personalize__resolved_web_events") }}
    where product_id is not null
        and not is_bot
        and event_type in ('product_view', 'add_to_cart')

),

weighted as (

    select
        signals.profile_id,
        signals.product_id,
        round(
            case signals.event_type
                when 'purchase' then 5.0
                when 'add_to_cart' then 3.0
                else 1.0
            end
            * pow(0.5, signals.days_ago / {{ personalize.setting("affinity_half_life_days") }})
            * case
                when signals.days_ago <= {{ personalize.setting("affinity_recent_days") }}
                    then {{ personalize.setting("affinity_recent_weight") }}
                else 1.0
            end, 9
        ) as weight
    from signals
    inner join {{ ref("int_personalize__permissions") }} as permissions
        on signals.profile_id = permissions.profile_id
    where permissions.can_personalize

),

by_dimension as (

    {%- for dimension, expression in dimensions.items() %}
    select
        signals.profile_id,
        '{{ dimension }}' as dimension,
        {{ expression }} as value,
        {{ personalize.exact_sum("signals.weight") }} as weight
    from weighted as signals
    left join {{ ref("int_personalize__current_products") }} as products
        on signals.product_id = products.product_id
    where {{ expression }} is not null
    group by 1, 2, 3
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    profile_id,
    dimension,
    value,
    round(
        cast(weight as double)
        / nullif(cast(sum(weight) over (partition by profile_id, dimension) as double), 0), 6
    )
        as affinity,
    row_number() over (
        partition by profile_id, dimension order by weight desc, value
    ) as affinity_rank
from by_dimension
where weight > 0
