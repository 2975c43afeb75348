{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per rule and pair of accounts that it brings together
select
    one.rule_id,
    one.place as left_place,
    other.place as right_place
from {{ ref("int_personalize__match_blocks") }} as one
inner join {{ ref("int_personalize__match_blocks") }} as other
    on one.rule_id = other.rule_id
    and one.block_key = other.block_key
    and one.place < other.place
where one.is_used
    and other.is_used
