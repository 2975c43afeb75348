{{
    config(
        enabled=personalize.setting("match_likely_pairs"),
        **personalize.kept_table(
            "1",
            "not exists (select 1 from {{ ref('personalize', 'int_personalize__match_records').render() }})"
        )
    )
}}

{%- set rules = personalize.match_rules() %}
{%- set days = personalize.setting("match_parameters_days") %}
-- grain: one row per rule, with the largest block it may use, as of when this was last looked at
-- writes nothing in a run in which that is not due
with

current_records as (

    select count(*) as records
    from {{ ref("int_personalize__match_records") }}

),

{% if is_incremental() -%}
last_time as (

    select
        max(learnt_at) as learnt_at,
        max(learnt_with) as learnt_with,
        max(records) as records
    from {{ this }}

),

{% endif -%}
due as (

    select current_records.records
    from current_records
    {%- if is_incremental() %}
    cross join last_time
    where last_time.learnt_at is null
        or last_time.learnt_with <> {{ personalize.match_fingerprint() }}
        or last_time.learnt_at > {{ personalize.as_of() }}
        or {{ dbt.dateadd("day", days, "last_time.learnt_at") }}
        <= {{ personalize.as_of() }}
        or current_records.records > 2 * last_time.records
        or current_records.records * 2 < last_time.records
    {%- endif %}

),

due_records as (

    select records_now.*
    from {{ ref("int_personalize__match_records") }} as records_now
    cross join due

),

keys as (

    {{ personalize.block_keys("due_records", ["place"]) }}

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
        cast(count(*) as double) * records * (records - 1) / 2 as pairs,
        sum(cast(count(*) as double) * records * (records - 1) / 2) over (
            partition by rule_id order by records
        ) as pairs_so_far
    from blocks
    group by rule_id, records

),

judged as (

    select
        sizes.rule_id,
        sizes.records,
        sizes.blocks,
        sizes.pairs,
        sizes.records <= {{ personalize.setting("match_max_records_per_block") }}
        and (
            sizes.records = 2
            or sizes.pairs_so_far
            <= due.records * {{ personalize.setting("match_max_pairs_per_record") }}
        ) as is_used
    from sizes
    cross join due

),

rules as (

    {%- for id in rules %}
    select '{{ id }}' as rule_id
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    rules.rule_id,
    coalesce(
        min(case when not judged.is_used then judged.records end) - 1,
        {{ personalize.setting("match_max_records_per_block") }}
    ) as block_limit,
    coalesce(sum(case when judged.is_used then judged.blocks end), 0) as blocks_used,
    coalesce(sum(case when not judged.is_used then judged.blocks end), 0) as blocks_left_out,
    coalesce(max(judged.records), 0) as largest_block,
    cast(coalesce(sum(case when judged.is_used then judged.pairs end), 0) as bigint) as pairs,
    coalesce(sum(case when not judged.is_used then judged.pairs end), 0) as pairs_left_out,
    due.records,
    {{ personalize.as_of() }} as learnt_at,
    {{ personalize.match_fingerprint() }} as learnt_with
from rules
cross join due
left join judged
    on rules.rule_id = judged.rule_id
group by rules.rule_id, due.records
