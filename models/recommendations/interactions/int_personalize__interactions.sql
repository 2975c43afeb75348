-- grain: one row per window, profile and product of the catalogue that no rule excludes
{%- set history_days = personalize.setting("interaction_history_days") %}
{%- set decay = "power(0.5, age_days / cast(half_life_days as double))" %}
{%- set bought_decay = "case when interaction = 'purchase' then " ~ decay ~ " end" %}
with

aged as (

    select
        windows.window_number,
        days.*,
        days.days_ago - windows.days_back as age_days
    from {{ ref("int_personalize__interaction_days") }} as days
    inner join {{ ref("int_personalize__recommendation_windows") }} as windows
        on days.days_ago >= windows.days_back
        and days.days_ago < windows.days_back + {{ history_days }}

),

totals as (

    select
        window_number,
        profile_id,
        product_id,
        cast(
            round({{ personalize.exact_sum("weight * " ~ decay) }}, 6) as double
        ) as weight,
        cast(
            round({{ personalize.exact_sum(bought_decay) }}, 6) as double
        ) as frequency,
        cast(
            round({{ personalize.exact_sum("power(" ~ bought_decay ~ ", 3)") }}, 6) as double
        ) as frequency_lately,
        max(last_occurred_at) as last_interacted_at,
        count_if(interaction = 'purchase') as purchase_count,
        max(case when interaction = 'purchase' then last_occurred_at end) as last_bought_at,
        max(case when interaction = 'purchase' then age_days end) as first_bought_days_ago,
        min(case when interaction = 'purchase' then age_days end) as last_bought_days_ago
    from aged
    group by window_number, profile_id, product_id

)

select
    totals.window_number,
    totals.profile_id,
    totals.product_id,
    totals.weight,
    totals.frequency,
    totals.frequency_lately,
    round(
        totals.frequency / max(totals.frequency) over (
            partition by totals.window_number, totals.profile_id
        ), 6
    ) as frequency_share,
    totals.last_interacted_at,
    totals.purchase_count,
    totals.last_bought_at,
    totals.first_bought_days_ago,
    totals.last_bought_days_ago,
    row_number() over (
        partition by totals.window_number, totals.profile_id
        order by totals.weight desc, totals.product_id
    ) as interaction_rank
from totals
inner join {{ ref("int_personalize__numbered_products") }} as products
    on totals.product_id = products.product_id
where not products.is_excluded
