-- grain: one row per person of the sample and place in the latest list that can be judged
{%- set size = personalize.setting("recommendations_per_profile") | int %}
select
    'recommendation_served' as model,
    chosen.window_number,
    chosen.profile_id,
    chosen.product_id,
    chosen.place as rank,
    chosen.chance,
    outcomes.product_id is not null as is_hit
from {{ ref("int_personalize__chosen_recommendations") }} as chosen
left join {{ ref("int_personalize__recommendation_outcomes") }} as outcomes
    on chosen.window_number = outcomes.window_number
    and chosen.profile_id = outcomes.profile_id
    and chosen.product_id = outcomes.product_id
where chosen.window_number = 1
    and chosen.place is not null
