-- What people look at and put into the cart, minutes after the click: a dynamic table that Snowflake keeps no older than
-- its target lag, between two daily runs. It knows people, permissions and products as the last run left them, and says
-- what int_personalize__open_interests says. It has no clock; whoever reads it brings one:
--     where viewed_at > dateadd('day', -7, sysdate())
--         and coalesce(last_bought_at < dateadd('day', -30, sysdate()), true)
-- Run this file after each daily run: the run writes the tables anew, and change tracking, which a refresh of only what
-- is new needs, is switched on again where the dynamic table is made.
create or replace dynamic table analytics.personalize.hot_interests
    target_lag = '5 minutes'
    warehouse = transforming
as
with

visits as (

    select
        coalesce(accounts.profile_id, addresses.profile_id, visitors.profile_id) as profile_id,
        events.product_id,
        events.event_type,
        try_cast(events.occurred_at as timestamp_ntz) as occurred_at
    from analytics.personalize_raw.web_events as events
    left join analytics.personalize.int_personalize__identity_map as accounts
        on accounts.identifier_type = 'account'
        and accounts.identifier = events.source_system || '|' || events.source_customer_id
    left join analytics.personalize.int_personalize__identity_map as addresses
        on addresses.identifier_type = 'email'
        and addresses.identifier = lower(trim(events.email))
    left join analytics.personalize.int_personalize__identity_map as visitors
        on visitors.identifier_type = 'anonymous'
        and visitors.identifier = events.anonymous_id
    where not coalesce(contains(lower(events.user_agent), 'bot'), false)

),

interests as (

    select
        visits.profile_id,
        visits.product_id,
        max(case when visits.event_type = 'add_to_cart' then visits.occurred_at end) as added_at,
        max(case when visits.event_type = 'remove_from_cart' then visits.occurred_at end) as removed_at,
        max(case when visits.event_type = 'purchase' then visits.occurred_at end) as bought_at,
        max(
            case when visits.event_type in ('product_view', 'add_to_cart') then visits.occurred_at end
        ) as viewed_at
    from visits
    inner join analytics.personalize.int_personalize__permissions as permissions
        on visits.profile_id = permissions.profile_id
    where visits.product_id is not null
        and permissions.can_personalize
    group by visits.profile_id, visits.product_id

),

checkouts as (

    select
        profile_id,
        max(occurred_at) as checked_out_at
    from visits
    where event_type = 'purchase'
        and product_id is null
    group by profile_id

),

purchases as (

    select
        interests.profile_id,
        interests.product_id,
        coalesce(
            greatest(interests.bought_at, bought.last_bought_at), interests.bought_at, bought.last_bought_at
        ) as last_bought_at
    from interests
    left join analytics.personalize.int_personalize__bought_products as bought
        on interests.profile_id = bought.profile_id
        and interests.product_id = bought.product_id

)

select
    interests.profile_id,
    interests.product_id,
    case
        when interests.removed_at >= interests.added_at then null
        when checkouts.checked_out_at >= interests.added_at then null
        when purchases.last_bought_at >= interests.added_at then null
        else interests.added_at
    end as in_cart_since,
    interests.viewed_at,
    purchases.last_bought_at
from interests
inner join analytics.personalize.int_personalize__current_products as products
    on interests.product_id = products.product_id
inner join purchases
    on interests.profile_id = purchases.profile_id
    and interests.product_id = purchases.product_id
left join analytics.personalize.int_personalize__sensitive_products as sensitive
    on interests.product_id = sensitive.product_id
left join checkouts
    on interests.profile_id = checkouts.profile_id
where products.is_recommendable
    and sensitive.product_id is null
    and interests.viewed_at is not null
    and coalesce(interests.removed_at < interests.viewed_at, true)
    and coalesce(purchases.last_bought_at < interests.viewed_at, true);
