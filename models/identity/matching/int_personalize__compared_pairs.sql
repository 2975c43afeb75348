{{ config(enabled=personalize.setting("match_likely_pairs")) }}

{%- set comparisons = personalize.match_comparisons() %}
-- grain: one row per pair of accounts that some rule brings together, with the level of each
-- comparison
with

pairs as (

    select distinct
        left_place,
        right_place
    from {{ ref("int_personalize__match_rule_pairs") }}

)

select
    pairs.left_place,
    pairs.right_place,
    l.account as left_account,
    r.account as right_account,
    {%- for id, comparison in comparisons.items() %}
    {{ personalize.match_level(id, comparison) }} as {{ id }}_level,
    l.{{ id }}_share,
    {%- endfor %}
    l.records
from pairs
inner join {{ ref("int_personalize__match_records") }} as l
    on pairs.left_place = l.place
inner join {{ ref("int_personalize__match_records") }} as r
    on pairs.right_place = r.place
