-- grain: one row per account, labelled so that accounts of one component whose names or
-- birth dates conflict differ
with

{{ personalize.identity_labels(
    ref("int_personalize__accounts"), ref("int_personalize__match_keys")
) }}

select
    account,
    component,
    has_conflict,
    label
from identity_labels
