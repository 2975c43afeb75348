{#-
    CTEs that find which pairs of records are to be compared, ending in `blocks` (rule_id, block_key, is_too_large) and
    `reached_pairs` (left_place, right_place; the left account is the smaller one). A block is all records that say the same
    in the columns of a rule; looked at are those that hold a changed record or were too large before.
    Reads `moved_rows` (place; the macro of this name) and `known_blocks` (rule_id, block_key) where something is remembered.
-#}
{% macro reached_pairs() -%}
{%- set records = ref("personalize", "int_personalize__match_records") -%}
{% if is_incremental() -%}
changed_records as (

    select records_now.*
    from {{ records }} as records_now
    inner join moved_rows
        on records_now.place = moved_rows.place

),

changed_keys as (

    {{ personalize.block_keys("changed_records", ["place"]) }}

),

reached_keys as (

    select
        rule_id,
        block_key
    from changed_keys
    union
    select
        rule_id,
        block_key
    from known_blocks

),

{% endif -%}
all_keys as (

    {{ personalize.block_keys(records, ["place", "account"]) }}

),

{% if is_incremental() -%}
keys as (

    select
        all_keys.rule_id,
        all_keys.block_key,
        all_keys.place,
        all_keys.account,
        moved_rows.place is not null or known_blocks.block_key is not null as is_reached
    from all_keys
    inner join reached_keys
        on all_keys.rule_id = reached_keys.rule_id
        and all_keys.block_key = reached_keys.block_key
    left join moved_rows
        on all_keys.place = moved_rows.place
    left join known_blocks
        on all_keys.rule_id = known_blocks.rule_id
        and all_keys.block_key = known_blocks.block_key

),

{% else -%}
keys as (

    select
        *,
        true as is_reached
    from all_keys

),

{% endif -%}
blocks as (

    select
        keys.rule_id,
        keys.block_key,
        count(*) > max(limits.block_limit) as is_too_large
    from keys
    inner join {{ ref("personalize", "int_personalize__match_limits") }} as limits
        on keys.rule_id = limits.rule_id
    group by keys.rule_id, keys.block_key
    having count(*) > 1

),

members as (

    select keys.*
    from keys
    inner join blocks
        on keys.rule_id = blocks.rule_id
        and keys.block_key = blocks.block_key
    where not blocks.is_too_large

),

reached_pairs as (

    select distinct
        case when one.account < other.account then one.place else other.place end as left_place,
        case when one.account < other.account then other.place else one.place end as right_place
    from members as one
    inner join members as other
        on one.rule_id = other.rule_id
        and one.block_key = other.block_key
        and one.place < other.place
        and (one.is_reached or other.is_reached)

)
{%- endmacro %}


{#-
    CTEs that find what is remembered and not true any more: `crowded_blocks` have become too large and `thinned_blocks` are no
    more so (rule_id, block_key); of `lost_pairs` (left_account, right_account) one of the two records changed or is gone, or
    every block that holds both has become too large. Some of these are scored anew.
    Reads `remembered`, `moved_rows`, `known_blocks`, and `keys` and `blocks` of reached_pairs.
-#}
{% macro lost_pairs() -%}
crowded_blocks as (

    select
        blocks.rule_id,
        blocks.block_key
    from blocks
    left join known_blocks
        on blocks.rule_id = known_blocks.rule_id
        and blocks.block_key = known_blocks.block_key
    where blocks.is_too_large
        and known_blocks.block_key is null

),

thinned_blocks as (

    select
        known_blocks.rule_id,
        known_blocks.block_key
    from known_blocks
    left join blocks
        on known_blocks.rule_id = blocks.rule_id
        and known_blocks.block_key = blocks.block_key
        and blocks.is_too_large
    where blocks.block_key is null

),

crowds as (

    select distinct keys.place
    from keys
    inner join crowded_blocks
        on keys.rule_id = crowded_blocks.rule_id
        and keys.block_key = crowded_blocks.block_key

),

crowded_records as (

    select records_now.*
    from {{ ref("personalize", "int_personalize__match_records") }} as records_now
    inner join crowds
        on records_now.place = crowds.place

),

crowded_pairs as (

    select
        remembered.one as left_account,
        remembered.other as right_account
    from remembered
    inner join crowded_records as l
        on remembered.one = l.account
    inner join crowded_records as r
        on remembered.other = r.account
    where remembered.kind = 'pair'

),

shared_keys as (

    {{ personalize.shared_keys("crowded_pairs", "crowded_records") }}

),

standing_pairs as (

    select distinct
        shared_keys.left_account,
        shared_keys.right_account
    from shared_keys
    left join blocks
        on shared_keys.rule_id = blocks.rule_id
        and shared_keys.block_key = blocks.block_key
        and blocks.is_too_large
    where blocks.block_key is null

),

lost_pairs as (

    select
        crowded_pairs.left_account,
        crowded_pairs.right_account
    from crowded_pairs
    left join standing_pairs
        on crowded_pairs.left_account = standing_pairs.left_account
        and crowded_pairs.right_account = standing_pairs.right_account
    where standing_pairs.left_account is null
    union
    select
        remembered.one as left_account,
        remembered.other as right_account
    from remembered
    inner join moved_rows
        on remembered.one = moved_rows.account
    where remembered.kind = 'pair'
    union
    select
        remembered.one as left_account,
        remembered.other as right_account
    from remembered
    inner join moved_rows
        on remembered.other = moved_rows.account
    where remembered.kind = 'pair'

)
{%- endmacro %}


{#- The columns of int_personalize__match_memory: {column: SQL} of those that are known, nulls for the others. -#}
{% macro remembered_columns(kind, known, is_gone=false) -%}
    {%- set types = {"one": "varchar", "other": "varchar", "match_weight": "double"} -%}
    {%- for id in personalize.match_comparisons() -%}{%- do types.update({id ~ "_level": "integer"}) -%}{%- endfor -%}
    {%- do types.update({"waterfall": "varchar", "content_hash": "varchar"}) -%}
    {{ kind }}{{ " as kind" if kind != "kind" }}
    {%- for column, type in types.items() %},
    {%- set value = known.get(column, "cast(null as " ~ type ~ ")") %}
        {{ value }}{{ " as " ~ column if value != column }}
    {%- endfor %},
        {{ "true" if is_gone else "false" }} as is_gone
{%- endmacro %}
