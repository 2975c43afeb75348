{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per pair of accounts that is likely one person, with what is made of it
with

likely as (

    select
        scores.left_account,
        scores.right_account,
        scores.match_weight,
        scores.match_probability,
        {{ personalize.is_personally_alike() }} as is_personally_alike,
        coalesce(left_exact.person, scores.left_account) as left_person,
        coalesce(right_exact.person, scores.right_account) as right_person,
        coalesce(left_exact.component = right_exact.component, false)
        and left_exact.label <> right_exact.label
        and not ({{ personalize.is_surely_one_person() }}) as is_told_apart
    from {{ ref("int_personalize__match_scores") }} as scores
    left join {{ ref("int_personalize__exact_persons") }} as left_exact
        on scores.left_account = left_exact.account
    left join {{ ref("int_personalize__exact_persons") }} as right_exact
        on scores.right_account = right_exact.account
    where scores.match_probability >= {{ personalize.setting("match_probability_threshold") }}

)

select
    left_account,
    right_account,
    left_person,
    right_person,
    match_weight,
    match_probability,
    case
        when not is_personally_alike then 'one household at most'
        when is_told_apart then 'one mailbox or phone, two people'
        else 'linked'
    end as verdict
from likely
