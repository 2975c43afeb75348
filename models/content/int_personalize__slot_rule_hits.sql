-- grain: one row per profile, slot and offered product that a rule excludes from this e-mail
select
    offers.profile_id,
    offers.slot,
    offers.product_id,
    min_by(rules.rule_id, rules.rule_order) as rule_id
from {{ ref("int_personalize__slot_offers") }} as offers
inner join {{ ref("int_personalize__rule_products") }} as products
    on offers.product_id = products.product_id
inner join {{ ref("int_personalize__recommendation_rules") }} as rules
    on products.rule_id = rules.rule_id
    and rules.kind = 'exclude'
left join {{ ref("int_personalize__rule_people") }} as people
    on rules.rule_id = people.rule_id
    and offers.profile_id = people.profile_id
left join {{ ref("int_personalize__rule_campaigns") }} as campaigns
    on rules.rule_id = campaigns.rule_id
    and offers.campaign_id = campaigns.campaign_id
where (rules.is_for_everybody or people.profile_id is not null)
    and (not rules.is_for_campaigns or campaigns.rule_id is not null)
group by offers.profile_id, offers.slot, offers.product_id
