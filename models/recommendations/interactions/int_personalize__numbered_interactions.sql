-- grain: one row per window, profile and product that the Python models learn from or must know of
{%- set cap = personalize.setting("interactions_per_profile") %}
select
    interactions.window_number,
    profiles.profile_number,
    products.product_number,
    interactions.weight,
    cast(dense_rank() over (
        partition by interactions.window_number, interactions.profile_id
        order by interactions.last_interacted_at desc
    ) as bigint) as steps_back,
    interactions.weight > 0 and interactions.interaction_rank <= {{ cap }} as is_history,
    interactions.weight <= 0 or interactions.purchase_count > 0 as is_known,
    requests.profile_id is not null as is_requested
from {{ ref("int_personalize__interactions") }} as interactions
inner join {{ ref("int_personalize__recommendation_profiles") }} as profiles
    on interactions.profile_id = profiles.profile_id
inner join {{ ref("int_personalize__numbered_products") }} as products
    on interactions.product_id = products.product_id
left join {{ ref("int_personalize__recommendation_requests") }} as requests
    on interactions.window_number = requests.window_number
    and interactions.profile_id = requests.profile_id
