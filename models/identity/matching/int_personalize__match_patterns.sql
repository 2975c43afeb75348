{{ config(enabled=personalize.setting("match_likely_pairs"), materialized="view") }}

{%- set comparisons = personalize.match_comparisons() %}
-- grain: one row per way of sampling (random, all, or a rule) and pattern of levels
-- what parameters are learnt from; read only when that is due
with

brought as (

    select
        rule_id,
        left_place,
        right_place,
        share
    from {{ ref("int_personalize__match_rule_pairs") }}

),

pairs as (

    select
        left_place,
        right_place,
        max(share) as share
    from brought
    group by 1, 2

),

compared as (

    select
        pairs.left_place,
        pairs.right_place,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_level(id, comparison) }} as {{ id }}_level,
        {%- endfor %}
        pairs.share
    from pairs
    inner join {{ ref("int_personalize__match_records") }} as l
        on pairs.left_place = l.place
    inner join {{ ref("int_personalize__match_records") }} as r
        on pairs.right_place = r.place

)

select
    'random' as sampled_by,
    pattern,
    cast(pairs as double) as pairs
from {{ ref("int_personalize__random_pairs") }}
union all
select
    'all' as sampled_by,
    {{ personalize.match_pattern() }} as pattern,
    round(cast(count(*) as double) / max(share), 3) as pairs
from compared
group by 1, 2
union all
select
    brought.rule_id as sampled_by,
    {{ personalize.match_pattern(personalize.match_rules()) }} as pattern,
    round(cast(count(*) as double) / max(compared.share), 3) as pairs
from brought
inner join compared
    on brought.left_place = compared.left_place
    and brought.right_place = compared.right_place
group by 1, 2
union all
select
    'records' as sampled_by,
    '' as pattern,
    cast(count(*) as double) as pairs
from {{ ref("int_personalize__match_records") }}
