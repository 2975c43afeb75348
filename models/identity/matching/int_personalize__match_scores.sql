{{ config(enabled=personalize.setting("match_likely_pairs"), materialized="view") }}

-- grain: one row per pair of accounts that is at least as likely one person as not
select
    one as left_account,
    other as right_account,
    match_weight,
    round(1 / (1 + power(2, -case when match_weight > 60 then 60 else match_weight end)), 6)
        as match_probability,
    {%- for id in personalize.match_comparisons() %}
    {{ id }}_level,
    {%- endfor %}
    waterfall
from {{ ref("int_personalize__match_memory") }}
where kind = 'pair'
