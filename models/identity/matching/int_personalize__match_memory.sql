{{
    config(
        enabled=personalize.setting("match_likely_pairs"),
        **personalize.kept_table(["kind", "one", "other"], "is_gone")
    )
}}

{%- set comparisons = personalize.match_comparisons() %}
{%- set scored = dict(one="left_account", other="right_account", match_weight="match_weight") %}
{%- for id in comparisons %}{% do scored.update({id ~ "_level": id ~ "_level"}) %}{% endfor %}
{%- do scored.update({"waterfall": personalize.waterfall(comparisons)}) %}
-- grain: one row per record that was matched, per block too large to be used, per pair that is at
-- least as likely one person as not, and one for the parameters
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
known_parameters as (

    select distinct known.one as parameters
    from {{ this }} as known
    inner join parameters
        on known.kind = 'parameters'
        and known.one = parameters.parameters
    where not known.is_gone

),

remembered as (

    select known.*
    from {{ this }} as known
    cross join known_parameters
    where not known.is_gone

),

known_records as (

    select
        one as account,
        content_hash
    from remembered
    where kind = 'record'

),

known_blocks as (

    select
        one as rule_id,
        other as block_key
    from remembered
    where kind = 'block'

),

{{ personalize.moved_rows(
    ref("int_personalize__match_records"), "known_records", ["place"]
) }},

{% endif -%}
{{ personalize.reached_pairs() }},

{{ personalize.scored_pairs("reached_pairs", "weights") }}

{%- if is_incremental() -%},

{{ personalize.lost_pairs() }}

{% endif %}
select
    {{ personalize.remembered_columns("'pair'", scored) }}
from scored_pairs
where match_weight >= 0
union all
select
    {{ personalize.remembered_columns("'record'", {
        "one": "account", "other": "''", "content_hash": "content_hash",
    }) }}
from {{ "moved_rows where content_hash is not null" if is_incremental()
    else ref("int_personalize__match_records") }}
union all
select
    {{ personalize.remembered_columns("'block'", {"one": "rule_id", "other": "block_key"}) }}
from {{ "crowded_blocks" if is_incremental() else "blocks where is_too_large" }}
union all
select
    {{ personalize.remembered_columns("'parameters'", {"one": "parameters", "other": "''"}) }}
from parameters
where parameters is not null
{%- if is_incremental() %}
    and not exists (select 1 from known_parameters)
union all
select
    {{ personalize.remembered_columns(
        "'pair'", {"one": "left_account", "other": "right_account"}, is_gone=true
    ) }}
from lost_pairs
union all
select
    {{ personalize.remembered_columns("'record'", {"one": "account", "other": "''"}, is_gone=true) }}
from moved_rows
where content_hash is null
union all
select
    {{ personalize.remembered_columns(
        "'block'", {"one": "rule_id", "other": "block_key"}, is_gone=true
    ) }}
from thinned_blocks
union all
select
    {{ personalize.remembered_columns("kind", {"one": "one", "other": "other"}, is_gone=true) }}
from {{ this }}
where not exists (select 1 from known_parameters)
{%- endif %}
