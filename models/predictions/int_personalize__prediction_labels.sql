-- grain: one row per finished window and person who bought in it
select distinct
    cutoffs.window_number,
    purchases.profile_id
from {{ ref("int_personalize__prediction_cutoffs") }} as cutoffs
inner join {{ ref("int_personalize__purchases") }} as purchases
    on cutoffs.cutoff_at <= purchases.ordered_at
    and cutoffs.label_until > purchases.ordered_at
where cutoffs.window_role <> 'scoring'
    and not purchases.is_return
    and purchases.profile_id is not null
