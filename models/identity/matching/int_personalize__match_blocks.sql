{{ config(enabled=personalize.setting("match_likely_pairs")) }}

{%- set rules = personalize.match_rules() %}
-- grain: one row per rule and account that agrees with another one in all the columns of the rule
with

keys as (

    {%- for id, rule in rules.items() %}
    select
        '{{ id }}' as rule_id,
        {{ rule.key }} as block_key,
        place
    from {{ ref("int_personalize__match_records") }}
    where {{ rule.key }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

blocks as (

    select
        rule_id,
        block_key,
        count(*) as records
    from keys
    group by rule_id, block_key
    having count(*) > 1

),

sizes as (

    select
        rule_id,
        records,
        count(*) as blocks,
        sum(cast(count(*) as double) * records * (records - 1) / 2) over (
            partition by rule_id order by records
        ) as pairs_so_far
    from blocks
    group by rule_id, records

),

all_records as (

    select count(*) as records
    from {{ ref("int_personalize__match_records") }}

)

select
    blocks.rule_id,
    blocks.block_key,
    keys.place,
    blocks.records,
    blocks.records <= {{ personalize.setting("match_max_records_per_block") }}
    and (
        blocks.records = 2
        or sizes.pairs_so_far
        <= all_records.records * {{ personalize.setting("match_max_pairs_per_record") }}
    ) as is_used
from blocks
inner join keys
    on blocks.rule_id = keys.rule_id
    and blocks.block_key = keys.block_key
inner join sizes
    on blocks.rule_id = sizes.rule_id
    and blocks.records = sizes.records
cross join all_records
