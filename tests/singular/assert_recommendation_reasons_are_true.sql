-- One row per recommendation whose reason is not borne out by the orders, events and catalogue as
-- they were read, whose strategy and reason do not belong together, or that discovers what was
-- bought before.
{%- set history_days = personalize.setting("interaction_history_days") | int %}
{%- set pins = personalize.recommendation_rules_of(["pin"]).values()
    | map(attribute="products") | list %}
{%- set trend_days = personalize.setting("popularity_days") | int %}
with

served as (

    select
        recommendations.*,
        recommendations.strategy || ' ' || recommendations.reason_code as claim
    from {{ ref("personalize__recommendations") }} as recommendations

),

bought as (

    select
        profile_id,
        product_id,
        max(ordered_at) as last_ordered_at
    from {{ ref("int_personalize__purchases") }}
    where quantity > 0
        and ordered_at > {{ dbt.dateadd("day", -history_days, personalize.as_of()) }}
    group by profile_id, product_id

),

last_purchases as (

    select
        bought.profile_id,
        max(bought.last_ordered_at) as last_ordered_at
    from bought
    inner join {{ ref("int_personalize__numbered_products") }} as products
        on bought.product_id = products.product_id
    where not products.is_excluded
    group by bought.profile_id

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

told_pairs as (

    select distinct
        evidence_product_id,
        product_id
    from served
    where strategy in ('discovery', 'complement')

),

interested as (

    select
        profile_id,
        product_id
    from {{ ref("int_personalize__interactions") }}
    where window_number = 0 and weight > 0

),

proven_pairs as (

    select
        told_pairs.evidence_product_id,
        told_pairs.product_id
    from told_pairs
    inner join interested as in_evidence
        on told_pairs.evidence_product_id = in_evidence.product_id
    inner join interested as in_product
        on told_pairs.product_id = in_product.product_id
        and in_evidence.profile_id = in_product.profile_id
    group by told_pairs.evidence_product_id, told_pairs.product_id
    having count(*) >= {{ personalize.setting("similar_min_common_profiles") }}

),

alike as (

    select
        served.profile_id,
        served.product_id
    from served
    inner join {{ ref("int_personalize__new_product_likeness") }} as likeness
        on served.product_id = likeness.new_product_id
        and served.evidence_product_id = likeness.product_id
    inner join interested
        on served.profile_id = interested.profile_id
        and served.evidence_product_id = interested.product_id

),

buyers as (

    select
        product_id,
        count(distinct case
            when {{ personalize.days_ago("ordered_at") }} < {{ trend_days }}
                then coalesce(profile_id, order_id)
        end) as lately,
        count(distinct case
            when {{ personalize.days_ago("ordered_at") }} >= {{ trend_days }}
                then coalesce(profile_id, order_id)
        end) / cast(3 as double) as usually
    from {{ ref("int_personalize__purchases") }}
    where quantity > 0
        and {{ personalize.days_ago("ordered_at") }} < {{ 4 * trend_days }}
    group by product_id

),

noticed as (

    select product_id
    from {{ ref("int_personalize__purchases") }}
    where quantity > 0
    union
    select product_id
    from {{ ref("int_personalize__resolved_web_events") }}
    where event_type = 'product_view' and not is_bot

),

pinned as (

    select distinct product_id
    from {{ ref("int_personalize__current_products") }}
    where {{ pins | join(" or ") if pins else "false" }}

),

checked as (

    select
        served.*,
        bought.product_id is not null as is_bought,
        coalesce(
            {{ personalize.days_ago("bought.last_ordered_at") }}
            = {{ personalize.days_ago("last_purchases.last_ordered_at") }}, false
        ) as is_last_purchase,
        looked_at.product_id is not null as is_looked_at,
        bought_product.product_id is not null as is_product_bought,
        proven_pairs.product_id is not null as is_pair,
        alike.product_id is not null as is_alike,
        coalesce(buyers.lately > buyers.usually, false) as is_trending,
        coalesce(
            products.created_at > {{ dbt.dateadd(
                "day", -(personalize.setting("new_arrival_days") | int), personalize.as_of()
            ) }}
            and products.created_at <= {{ personalize.as_of() }}, false
        ) as is_new,
        noticed.product_id is not null as is_noticed,
        pinned.product_id is not null as is_pinned
    from served
    left join bought
        on served.profile_id = bought.profile_id
        and served.evidence_product_id = bought.product_id
    left join last_purchases
        on served.profile_id = last_purchases.profile_id
    left join looked_at
        on served.profile_id = looked_at.profile_id
        and served.evidence_product_id = looked_at.product_id
    left join bought as bought_product
        on served.profile_id = bought_product.profile_id
        and served.product_id = bought_product.product_id
    left join proven_pairs
        on served.evidence_product_id = proven_pairs.evidence_product_id
        and served.product_id = proven_pairs.product_id
    left join alike
        on served.profile_id = alike.profile_id
        and served.product_id = alike.product_id
    left join buyers
        on served.product_id = buyers.product_id
    left join noticed
        on served.product_id = noticed.product_id
    left join pinned
        on served.product_id = pinned.product_id
    left join {{ ref("int_personalize__current_products") }} as products
        on served.product_id = products.product_id

)

select
    profile_id,
    product_id,
    strategy,
    reason_code,
    evidence_product_id
from checked
where not case
        when claim in ('replenishment due_again', 'buy_again bought_before')
            then is_bought and evidence_product_id = product_id
        when claim = 'discovery bought_together'
            then is_bought and is_pair and not is_product_bought
        when claim = 'discovery viewed_together'
            then is_looked_at and is_pair and not is_product_bought
        when claim = 'complement goes_with'
            then is_last_purchase and is_pair and not is_product_bought
        when claim = 'trending trending'
            then is_trending and evidence_product_id is null
        when claim = 'new_arrivals new_arrival'
            then is_new and not is_product_bought and evidence_product_id is null
        when claim = 'new_arrivals similar_to'
            then is_new and not is_product_bought and is_alike and (is_bought or is_looked_at)
        when claim = 'popular popular'
            then is_noticed and evidence_product_id is null
        when claim = 'pinned featured'
            then is_pinned and evidence_product_id is null
        else claim = 'popular in_stock' and evidence_product_id is null
    end
