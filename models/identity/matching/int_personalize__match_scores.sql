{{ config(enabled=personalize.setting("match_likely_pairs")) }}

{%- set comparisons = personalize.match_comparisons() %}
-- grain: one row per pair of accounts that is at least as likely one person as not
with

weights as (

    select
        max(case when comparison = '' then weight end) as start_weight,
        {%- for id, comparison in comparisons.items() %}
        {%- for level in comparison.levels %}
        max(case when comparison = '{{ id }}' and level_number = {{ loop.index0 }} then weight end)
            as {{ id }}_{{ loop.index0 }},
        {%- endfor %}
        max(case when comparison = '{{ id }}' and level_number = 0 then u end) as {{ id }}_u,
        {%- endfor %}
        count(*) as rows_read
    from {{ ref("int_personalize__match_weights") }}

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
    from {{ ref("int_personalize__compared_pairs") }} as pairs
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

)

select
    left_account,
    right_account,
    match_weight,
    round(1 / (1 + power(2, -case when match_weight > 60 then 60 else match_weight end)), 6)
        as match_probability,
    {%- for id in comparisons %}
    {{ id }}_level,
    {%- endfor %}
    {{ personalize.waterfall(comparisons) }} as waterfall
from summed
where match_weight >= 0
