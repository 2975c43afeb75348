{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per sample (random, all, or a rule) and pattern of levels
select
    'random' as sample,
    pattern,
    pairs
from {{ ref("int_personalize__random_pairs") }}
union all
select
    'all' as sample,
    {{ personalize.match_pattern() }} as pattern,
    count(*) as pairs
from {{ ref("int_personalize__compared_pairs") }}
group by 1, 2
union all
select
    brought.rule_id as sample,
    {{ personalize.match_pattern(personalize.match_rules()) }} as pattern,
    count(*) as pairs
from {{ ref("int_personalize__match_rule_pairs") }} as brought
inner join {{ ref("int_personalize__compared_pairs") }} as compared
    on brought.left_place = compared.left_place
    and brought.right_place = compared.right_place
group by 1, 2
union all
select
    'records' as sample,
    '' as pattern,
    count(*) as pairs
from {{ ref("int_personalize__match_records") }}
