-- grain: one row per account and identifier (e-mail, phone) by which it may be matched
with

{{ personalize.match_keys(ref("int_personalize__accounts")) }}

select
    account,
    identifier_type,
    identifier,
    accounts,
    is_matchable
from match_keys
