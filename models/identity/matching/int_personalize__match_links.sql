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
        left_labels.component = right_labels.component
        and left_labels.label <> right_labels.label
        and not ({{ personalize.is_surely_one_person() }}) as is_told_apart
    from {{ ref("int_personalize__match_scores") }} as scores
    inner join {{ ref("int_personalize__identity_labels") }} as left_labels
        on scores.left_account = left_labels.account
    inner join {{ ref("int_personalize__identity_labels") }} as right_labels
        on scores.right_account = right_labels.account
    where scores.match_probability >= {{ personalize.setting("match_probability_threshold") }}

),

judged as (

    select
        *,
        case
            when not is_personally_alike then 'one household at most'
            when is_told_apart then 'one mailbox or phone, two people'
            else 'linked'
        end as verdict
    from likely

)

select
    judged.left_account,
    judged.right_account,
    left_persons.person as left_person,
    right_persons.person as right_person,
    judged.match_weight,
    judged.match_probability,
    judged.verdict
from judged
inner join {{ ref("int_personalize__exact_persons") }} as left_persons
    on judged.left_account = left_persons.account
inner join {{ ref("int_personalize__exact_persons") }} as right_persons
    on judged.right_account = right_persons.account
