{{ config(enabled=personalize.setting("match_likely_pairs"), materialized="view") }}

-- grain: one row per rule and pair of accounts that it brings together, or a draw of them
-- what parameters are learnt from; read only when that is due
with

keys as (

    {{ personalize.block_keys(ref("int_personalize__match_records"), ["place", "draw"]) }}

),

blocks as (

    select
        keys.rule_id,
        keys.block_key
    from keys
    inner join {{ ref("int_personalize__match_limits") }} as limits
        on keys.rule_id = limits.rule_id
    group by keys.rule_id, keys.block_key
    having count(*) between 2 and max(limits.block_limit)

),

members as (

    select
        keys.rule_id,
        keys.block_key,
        keys.place,
        keys.draw
    from keys
    inner join blocks
        on keys.rule_id = blocks.rule_id
        and keys.block_key = blocks.block_key

),

drawn as (

    select
        case
            when sum(pairs) > {{ personalize.setting("match_training_pairs") }}
                then {{ personalize.setting("match_training_pairs") }} / cast(sum(pairs) as double)
            else cast(1 as double)
        end as share
    from {{ ref("int_personalize__match_limits") }}

)

select
    one.rule_id,
    one.place as left_place,
    other.place as right_place,
    drawn.share
from members as one
inner join members as other
    on one.rule_id = other.rule_id
    and one.block_key = other.block_key
    and one.place < other.place
cross join drawn
where one.draw + other.draw - floor(one.draw + other.draw) < drawn.share
