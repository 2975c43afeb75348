-- grain: one row per account, with the person (the smallest account of its matches) it belongs to
-- by what it shares with others exactly
with

{{ personalize.matched_persons(
    ref("int_personalize__accounts"),
    ref("int_personalize__match_keys"),
    ref("int_personalize__identity_labels")
) }}

select
    account,
    person,
    match_rule
from matched_persons
