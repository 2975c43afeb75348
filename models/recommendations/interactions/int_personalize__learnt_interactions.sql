{{ config(materialized="view") }}

-- grain: one row per window, profile and product that similarities are learnt from
-- profiles are numbered by id, which is a hash: the first of them are as good as drawn
select
    window_number,
    profile_number,
    product_number,
    steps_back,
    is_history
from {{ ref("int_personalize__numbered_interactions") }}
where is_history
    and profile_number < {{ personalize.setting("similar_max_training_profiles") }}
