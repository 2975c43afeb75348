{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per rule, with what it brought together and what was too frequent for it
with

blocks as (

    select
        rule_id,
        block_key,
        records,
        is_used
    from {{ ref("int_personalize__match_blocks") }}
    group by rule_id, block_key, records, is_used

)

select
    rule_id,
    count_if(is_used) as blocks_used,
    count_if(not is_used) as blocks_left_out,
    max(records) as largest_block,
    cast(
        sum(case when is_used then cast(records as double) * (records - 1) / 2 else 0 end) as bigint
    ) as pairs,
    cast(
        sum(case when is_used then 0 else cast(records as double) * (records - 1) / 2 end) as double
    ) as pairs_left_out
from blocks
group by rule_id
