{{ config(enabled=personalize.setting("match_likely_pairs"), materialized="view") }}

-- grain: one row per comparison and level, with what it says for or against one person
-- the row without a comparison is where every pair starts
select
    cast(comparison as varchar) as comparison,
    cast(level_number as integer) as level_number,
    cast(level_name as varchar) as level_name,
    cast(m as double) as m,
    cast(u as double) as u,
    cast(round(ln(m / u) / ln(2), 6) as double) as weight,
    cast(matches as double) as matches
from {{ ref("int_personalize__match_training") }}
