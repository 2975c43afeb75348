-- grain: one row per account, with the person (the smallest account of its matches) it belongs to
with

{{ personalize.matched_persons(
    ref("int_personalize__accounts"),
    ref("int_personalize__match_keys"),
    ref("int_personalize__identity_labels")
) }}

select
    matched_persons.account,
    matched_persons.person,
    matched_persons.match_rule,
    accounts.first_seen_at
from matched_persons
inner join {{ ref("int_personalize__accounts") }} as accounts
    on matched_persons.account = accounts.account
