-- grain: one row per profile; facts about the person are null unless personalization is allowed
with

predictions as (

    select
        profile_id,
        max(case when prediction = 'purchase' then score end) as purchase_score,
        max(case when prediction = 'purchase' then percentile end) as purchase_percentile,
        max(case when prediction = 'churn' then score end) as churn_score,
        max(case when prediction = 'churn' then percentile end) as churn_percentile
    from {{ ref("personalize__predictions") }}
    group by 1

),

permitted as (

    select
        permissions.profile_id,
        permissions.can_use_third_party,
        profiles.loyalty_tier,
        profiles.favourite_category,
        profiles.favourite_brand
    from {{ ref("int_personalize__permissions") }} as permissions
    inner join {{ ref("personalize__profiles") }} as profiles
        on permissions.profile_id = profiles.profile_id
    where permissions.can_personalize

),

replenishments as (

    select
        candidates.profile_id,
        candidates.product_id
    from {{ ref("int_personalize__replenishment_candidates") }} as candidates
    left join {{ ref("int_personalize__sensitive_products") }} as sensitive
        on candidates.product_id = sensitive.product_id
    where candidates.window_number = 0
        and sensitive.product_id is null
    qualify
        row_number() over (
            partition by candidates.profile_id
            order by candidates.strategy_rank, candidates.product_id
        ) = 1

),

personal_facts as (

    select
        permitted.profile_id,
        permitted.loyalty_tier,
        permitted.favourite_category,
        permitted.favourite_brand,
        rfm.first_ordered_at,
        rfm.last_ordered_at,
        coalesce(rfm.order_count, 0) as order_count,
        coalesce(rfm.monetary_value, 0) as monetary_value,
        rfm.average_order_value,
        rfm.recency_score,
        rfm.frequency_score,
        rfm.monetary_score,
        visits.visited_at,
        visits.cart_product_id,
        visits.cart_added_at,
        coalesce(visits.cart_product_count, 0) as cart_product_count,
        visits.viewed_product_id,
        visits.viewed_at,
        coalesce(premium_views.weekend_premium_views, 0) as weekend_premium_views,
        product_news.back_in_stock_product_id,
        product_news.back_in_stock_at,
        product_news.price_drop_product_id,
        product_news.price_dropped_at,
        product_news.price_drop_share,
        replenishments.product_id as replenish_product_id,
        tier_upgrades.tier_upgraded_at,
        subscription_changes.subscription_changed_at,
        birthdays.days_since_birthday,
        birthdays.days_until_birthday,
        coalesce(engagement.sends_90d, 0) as sends_90d,
        coalesce(engagement.opens_90d, 0) as opens_90d,
        coalesce(engagement.clicks_90d, 0) as clicks_90d,
        engagement.last_clicked_at,
        engagement.engagement_score,
        predictions.purchase_score,
        predictions.purchase_percentile,
        predictions.churn_score,
        predictions.churn_percentile,
        case
            when permitted.can_use_third_party then coalesce(bought_segments.segments, '|')
        end as bought_segments,
        coalesce(current_journeys.journeys, '|') as journeys
    from permitted
    left join {{ ref("int_personalize__rfm") }} as rfm
        on permitted.profile_id = rfm.profile_id
    left join {{ ref("int_personalize__visit_facts") }} as visits
        on permitted.profile_id = visits.profile_id
    left join {{ ref("int_personalize__premium_views") }} as premium_views
        on permitted.profile_id = premium_views.profile_id
    left join {{ ref("int_personalize__liked_product_news") }} as product_news
        on permitted.profile_id = product_news.profile_id
    left join replenishments
        on permitted.profile_id = replenishments.profile_id
    left join {{ ref("int_personalize__tier_upgrades") }} as tier_upgrades
        on permitted.profile_id = tier_upgrades.profile_id
    left join {{ ref("int_personalize__subscription_changes") }} as subscription_changes
        on permitted.profile_id = subscription_changes.profile_id
    left join {{ ref("int_personalize__birthdays") }} as birthdays
        on permitted.profile_id = birthdays.profile_id
    left join {{ ref("int_personalize__email_engagement") }} as engagement
        on permitted.profile_id = engagement.profile_id
    left join predictions
        on permitted.profile_id = predictions.profile_id
    left join {{ ref("int_personalize__bought_segments") }} as bought_segments
        on permitted.profile_id = bought_segments.profile_id
    left join {{ ref("int_personalize__current_journeys") }} as current_journeys
        on permitted.profile_id = current_journeys.profile_id

)

select
    cast(permissions.profile_id as varchar) as profile_id,
    cast(permissions.can_personalize as boolean) as can_personalize,
    cast(permissions.can_use_third_party as boolean) as can_use_third_party,
    cast({{ personalize.supported_locale("profiles.language") }} as varchar) as locale,
    cast(upper(profiles.country) as varchar) as country,
    cast(permissions.sends_7d as double) as sends_7d,
    cast(facts.loyalty_tier as varchar) as loyalty_tier,
    cast(facts.tier_upgraded_at as timestamp) as tier_upgraded_at,
    cast(
        {{ personalize.days_since("facts.tier_upgraded_at") }} as double
    ) as days_since_tier_upgrade,
    cast(facts.subscription_changed_at as timestamp) as subscription_changed_at,
    cast(
        {{ personalize.days_since("facts.subscription_changed_at") }} as double
    ) as days_since_subscription_change,
    cast(facts.first_ordered_at as timestamp) as first_ordered_at,
    cast(facts.last_ordered_at as timestamp) as last_ordered_at,
    cast(
        {{ personalize.days_since("facts.first_ordered_at") }} as double
    ) as days_since_first_order,
    cast({{ personalize.days_since("facts.last_ordered_at") }} as double) as days_since_last_order,
    cast(facts.order_count as double) as order_count,
    cast(facts.monetary_value as double) as monetary_value,
    cast(facts.average_order_value as double) as average_order_value,
    cast(facts.recency_score as double) as recency_score,
    cast(facts.frequency_score as double) as frequency_score,
    cast(facts.monetary_score as double) as monetary_score,
    cast(facts.favourite_category as varchar) as favourite_category,
    cast(facts.favourite_brand as varchar) as favourite_brand,
    cast(facts.cart_product_id as varchar) as cart_product_id,
    cast(facts.cart_added_at as timestamp) as cart_added_at,
    cast({{ personalize.hours_since("facts.cart_added_at") }} as double) as hours_since_cart,
    cast(facts.cart_product_count as double) as cart_product_count,
    cast(facts.viewed_product_id as varchar) as viewed_product_id,
    cast(facts.viewed_at as timestamp) as viewed_at,
    cast({{ personalize.days_since("facts.viewed_at") }} as double) as days_since_view,
    cast({{ personalize.hours_since("facts.visited_at") }} as double) as hours_since_visit,
    cast(facts.weekend_premium_views as double) as weekend_premium_views,
    cast(facts.back_in_stock_product_id as varchar) as back_in_stock_product_id,
    cast(facts.back_in_stock_at as timestamp) as back_in_stock_at,
    cast(
        {{ personalize.days_since("facts.back_in_stock_at") }} as double
    ) as days_since_back_in_stock,
    cast(facts.price_drop_product_id as varchar) as price_drop_product_id,
    cast(facts.price_dropped_at as timestamp) as price_dropped_at,
    cast({{ personalize.days_since("facts.price_dropped_at") }} as double) as days_since_price_drop,
    cast(facts.price_drop_share as double) as price_drop_share,
    cast(facts.replenish_product_id as varchar) as replenish_product_id,
    cast(facts.days_since_birthday as double) as days_since_birthday,
    cast(facts.days_until_birthday as double) as days_until_birthday,
    cast(facts.sends_90d as double) as sends_90d,
    cast(facts.opens_90d as double) as opens_90d,
    cast(facts.clicks_90d as double) as clicks_90d,
    cast({{ personalize.days_since("facts.last_clicked_at") }} as double) as days_since_last_click,
    cast(facts.engagement_score as double) as engagement_score,
    cast(facts.purchase_score as double) as purchase_score,
    cast(facts.purchase_percentile as double) as purchase_percentile,
    cast(facts.churn_score as double) as churn_score,
    cast(facts.churn_percentile as double) as churn_percentile,
    cast(facts.bought_segments as varchar) as bought_segments,
    cast(facts.journeys as varchar) as journeys
from {{ ref("int_personalize__permissions") }} as permissions
inner join {{ ref("personalize__profiles") }} as profiles
    on permissions.profile_id = profiles.profile_id
left join personal_facts as facts
    on permissions.profile_id = facts.profile_id
