{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per way of sampling (random, all, or a rule) and pattern of levels
select
    'random' as sampled_by,
    pattern,
    pairs
from {{ ref("int_personalize__random_pairs") }}
union all
select
    'all' as sampled_by,
    {{ personalize.match_pattern() }} as pattern,
    count(*) as pairs
from {{ ref("int_personalize__compared_pairs") }}
group by 1, 2
union all
select
    brought.rule_id as sampled_by,
    {{ personalize.match_pattern(personalize.match_rules()) }} as pattern,
    count(*) as pairs
from {{ ref("int_personalize__match_rule_pairs") }} as brought
inner join {{ ref("int_personalize__compared_pairs") }} as compared
    on brought.left_place = compared.left_place
    and brought.right_place = compared.right_place
group by 1, 2
union all
select
    'records' as sampled_by,
    '' as pattern,
    count(*) as pairs
from {{ ref("int_personalize__match_records") }}
