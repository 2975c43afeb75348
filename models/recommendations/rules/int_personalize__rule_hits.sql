-- grain: one row per list and product that a rule excludes or boosts there
with

hits as (

    select
        ordered.window_number,
        ordered.profile_id,
        ordered.product_id,
        rules.rule_id,
        rules.rule_order,
        rules.kind,
        rules.factor
    from {{ ref("int_personalize__ordered_recommendations") }} as ordered
    inner join {{ ref("int_personalize__rule_products") }} as products
        on ordered.product_id = products.product_id
    inner join {{ ref("int_personalize__recommendation_rules") }} as rules
        on products.rule_id = rules.rule_id
        and rules.kind in ('exclude', 'boost')
        and not rules.is_for_campaigns
    left join {{ ref("int_personalize__rule_people") }} as people
        on rules.rule_id = people.rule_id
        and ordered.profile_id = people.profile_id
        and ordered.window_number = 0
    where rules.is_for_everybody or people.profile_id is not null

)

select
    window_number,
    profile_id,
    product_id,
    max_by(
        case when kind = 'exclude' then rule_id end,
        case when kind = 'exclude' then -rule_order end
    ) as excluded_by,
    round(exp(sum(case when kind = 'boost' then ln(factor) else 0 end)), 6) as factor
from hits
group by window_number, profile_id, product_id
