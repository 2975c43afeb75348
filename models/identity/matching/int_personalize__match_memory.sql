{{
    config(
        enabled=personalize.setting("match_likely_pairs"),
        **personalize.kept_table("int_personalize__match_records")
    )
}}

{%- set comparisons = personalize.match_comparisons() %}
-- grain: one row per record that was matched, per block too large to be used, and per pair that is
-- at least as likely one person as not
-- compared is only what a new or changed record can reach
with

weights as (

    {{ personalize.weights_in_a_row() | indent(4) }}

),

limits_in_a_row as (

    select
        cast(max(learnt_at) as varchar) || ' ' || max(learnt_with) as learnt,
        sum(block_limit) as block_limits
    from {{ ref("int_personalize__match_limits") }}

),

parameters as (

    select
        limits_in_a_row.learnt || ' ' || cast(limits_in_a_row.block_limits as varchar)
        || ' ' || cast(weights.checksum as varchar) as parameters
    from limits_in_a_row
    cross join weights

),

{% if is_incremental() -%}
remembered as (

    select known.*
    from {{ this }} as known
    inner join parameters
        on known.parameters = parameters.parameters

),

{% endif -%}
records_now as (

    select
        records_now.*,
        {%- if is_incremental() %}
        remembered.left_account is null as is_changed
        {%- else %}
        true as is_changed
        {%- endif %}
    from {{ ref("int_personalize__match_records") }} as records_now
    {%- if is_incremental() %}
    left join remembered
        on remembered.kind = 'record'
        and records_now.account = remembered.left_account
        and records_now.content_hash = remembered.content_hash
    {%- endif %}

),

{% if is_incremental() -%}
changed_records as (

    select *
    from records_now
    where is_changed

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
    from remembered
    where kind = 'block'

),

{% endif -%}
all_keys as (

    {{ personalize.block_keys("records_now", ["place", "account", "is_changed"]) }}

),

{% if is_incremental() -%}
keys as (

    select all_keys.*
    from all_keys
    inner join reached_keys
        on all_keys.rule_id = reached_keys.rule_id
        and all_keys.block_key = reached_keys.block_key

),

{% endif -%}
blocks as (

    select
        keys.rule_id,
        keys.block_key,
        count(*) > max(limits.block_limit) as is_too_large
    from {{ "keys" if is_incremental() else "all_keys as keys" }}
    inner join {{ ref("int_personalize__match_limits") }} as limits
        on keys.rule_id = limits.rule_id
    group by keys.rule_id, keys.block_key
    having count(*) > 1

),

members as (

    select
        keys.rule_id,
        keys.block_key,
        keys.place,
        keys.account,
        keys.is_changed{{ " or freed.block_key is not null" if is_incremental() }} as is_reached
    from {{ "keys" if is_incremental() else "all_keys as keys" }}
    inner join blocks
        on keys.rule_id = blocks.rule_id
        and keys.block_key = blocks.block_key
    {%- if is_incremental() %}
    left join remembered as freed
        on freed.kind = 'block'
        and keys.rule_id = freed.rule_id
        and keys.block_key = freed.block_key
    {%- endif %}
    where not blocks.is_too_large

),

pairs as (

    select distinct
        case when one.account < other.account then one.place else other.place end as left_place,
        case when one.account < other.account then other.place else one.place end as right_place
    from members as one
    inner join members as other
        on one.rule_id = other.rule_id
        and one.block_key = other.block_key
        and one.place < other.place
        and (one.is_reached or other.is_reached)

),

left_sides as (

    select distinct left_place
    from pairs

),

sides as (

    select
        records_now.place,
        {%- for id, comparison in comparisons.items() if comparison.kind != "exact" %}
        coalesce({{ id }}_frequencies.share, {{ id }}_rarities.share) as {{ id }}_share,
        {%- endfor %}
        records_now.account
    from records_now
    inner join left_sides
        on records_now.place = left_sides.left_place
    {{ personalize.frequency_joins(comparisons) }}

),

compared as (

    select
        pairs.left_place,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_level(id, comparison) }} as {{ id }}_level,
        {%- endfor %}
        l.account as left_account,
        r.account as right_account
    from pairs
    inner join records_now as l
        on pairs.left_place = l.place
    inner join records_now as r
        on pairs.right_place = r.place

),

weighed as (

    select
        pairs.left_account,
        pairs.right_account,
        {%- for id, comparison in comparisons.items() %}
        pairs.{{ id }}_level,
        {{ personalize.level_weight(id, comparison) }} as {{ id }}_weight,
        {%- endfor %}
        weights.start_weight
    from compared as pairs
    inner join sides
        on pairs.left_place = sides.place
    cross join weights

),

summed as (

    select
        *,
        round(
            start_weight
            {%- for id in comparisons %}
            + {{ id }}_weight
            {%- endfor %}, 6
        ) as match_weight
    from weighed

),

{% if is_incremental() -%}
unchanged_pairs as (

    select known.*
    from remembered as known
    inner join records_now as l
        on known.left_account = l.account
        and not l.is_changed
    inner join records_now as r
        on known.right_account = r.account
        and not r.is_changed
    where known.kind = 'pair'

),

shared_keys as (

    {{ personalize.shared_keys("unchanged_pairs", "records_now") }}

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

kept_pairs as (

    select unchanged_pairs.*
    from unchanged_pairs
    inner join standing_pairs
        on unchanged_pairs.left_account = standing_pairs.left_account
        and unchanged_pairs.right_account = standing_pairs.right_account
    left join summed
        on unchanged_pairs.left_account = summed.left_account
        and unchanged_pairs.right_account = summed.right_account
    where summed.left_account is null

),

{% endif -%}
memory as (

    select
        'pair' as kind,
        left_account,
        right_account,
        match_weight,
        {%- for id in comparisons %}
        {{ id }}_level,
        {%- endfor %}
        {{ personalize.waterfall(comparisons) }} as waterfall,
        cast(null as varchar) as content_hash,
        cast(null as varchar) as rule_id,
        cast(null as varchar) as block_key
    from summed
    where match_weight >= 0
    union all
    {%- if is_incremental() %}
    select
        kind,
        left_account,
        right_account,
        match_weight,
        {%- for id in comparisons %}
        {{ id }}_level,
        {%- endfor %}
        waterfall,
        content_hash,
        rule_id,
        block_key
    from kept_pairs
    union all
    {%- endif %}
    select
        {{ personalize.remembered_columns(
            "record", {"left_account": "account", "content_hash": "content_hash"}
        ) }}
    from records_now
    union all
    select
        {{ personalize.remembered_columns(
            "block", {"rule_id": "rule_id", "block_key": "block_key"}
        ) }}
    from blocks
    where is_too_large

)

select
    memory.*,
    parameters.parameters
from memory
cross join parameters
