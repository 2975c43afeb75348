-- grain: one row per event; that a campaign reached a household and was redeemed is fact, that it was an e-mail is made up
with

campaigns as (

    select
        cast(campaigns.campaign_id as varchar) as campaign_id,
        cast(campaigns.household_id as varchar) as household_id,
        descriptions.start_date + interval 9 hour as sent_at,
        redemptions.redeemed_at
    from {{ source("complete_journey", "campaigns") }} as campaigns
    inner join {{ source("complete_journey", "campaign_descriptions") }} as descriptions
        on campaigns.campaign_id = descriptions.campaign_id
    left join (
        select
            campaign_id,
            household_id,
            min(redemption_date) + interval 8 hour as redeemed_at
        from {{ source("complete_journey", "coupon_redemptions") }}
        group by campaign_id, household_id
    ) as redemptions
        on campaigns.campaign_id = redemptions.campaign_id
        and campaigns.household_id = redemptions.household_id

),

events as (

    select campaign_id, household_id, 'send' as event_type, sent_at as occurred_at
    from campaigns
    union all
    select campaign_id, household_id, 'open', sent_at + interval 3 hour
    from campaigns
    where redeemed_at is not null or {{ personalize.unit_hash("'open|' || campaign_id || household_id") }} < 0.3
    union all
    select campaign_id, household_id, 'click', redeemed_at
    from campaigns
    where redeemed_at > sent_at

)

select
    'made-up-' || event_type || '-' || campaign_id || '-' || events.household_id as event_id,
    events.occurred_at,
    events.event_type,
    customers.email,
    'campaign-' || events.campaign_id as campaign_id,
    'campaign-' || events.campaign_id || '-' || events.household_id as message_id,
    'made up for this example' as user_agent
from events
inner join {{ ref("customers") }} as customers
    on events.household_id = customers.source_customer_id
where customers.email is not null
