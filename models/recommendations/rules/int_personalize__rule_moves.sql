-- grain: one row per rule that moves products, and product it moves in somebody's list of today
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

chosen as (

    select *
    from {{ ref("int_personalize__chosen_recommendations") }}
    where window_number = 0

)

select
    rules.rule_id,
    chosen.profile_id,
    chosen.product_id,
    chosen.place is not null and coalesce(chosen.model_rank, {{ size }} + 1) > {{ size }}
        as takes_a_place
from {{ ref("int_personalize__recommendation_rules") }} as rules
inner join {{ ref("int_personalize__rule_products") }} as products
    on rules.rule_id = products.rule_id
inner join chosen
    on products.product_id = chosen.product_id
left join {{ ref("int_personalize__rule_people") }} as people
    on rules.rule_id = people.rule_id
    and chosen.profile_id = people.profile_id
where (rules.is_for_everybody or people.profile_id is not null)
    and (rules.kind = 'boost' or (rules.kind = 'pin' and chosen.place = rules.place))
union all
select
    rules.rule_id,
    chosen.profile_id,
    chosen.product_id,
    chosen.ruled_rank > {{ size }} as takes_a_place
from {{ ref("int_personalize__recommendation_rules") }} as rules
inner join chosen
    on rules.kind = 'diversity'
    and chosen.place <> chosen.ruled_rank
