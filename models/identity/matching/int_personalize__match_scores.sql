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
        weights.start_weight,
        {%- for id, comparison in comparisons.items() %}
        pairs.{{ id }}_level,
        case pairs.{{ id }}_level
            {%- for level in comparison.levels %}
            when {{ loop.index0 }} then weights.{{ id }}_{{ loop.index0 }}
            {%- if loop.first and comparison.kind != "exact" %}
                + round(ln(weights.{{ id }}_u / pairs.{{ id }}_share) / ln(2), 6)
            {%- endif %}
            {%- endfor %}
            else 0
        end as {{ id }}_weight{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref("int_personalize__compared_pairs") }} as pairs
    cross join weights

),

summed as (

    select
        weighed.*,
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
    'start ' || cast(cast(start_weight as decimal(9, 1)) as varchar)
    {%- for id, comparison in comparisons.items() %}
    || case {{ id }}_level
        {%- for level in comparison.levels %}
        when {{ loop.index0 }} then ', {{ id }} {{ level }} '
        {%- endfor %}
        else ''
    end
    || case
        when {{ id }}_level < 0 then ''
        when {{ id }}_weight >= 0 then '+' || cast(cast({{ id }}_weight as decimal(9, 1)) as varchar)
        else cast(cast({{ id }}_weight as decimal(9, 1)) as varchar)
    end
    {%- endfor %}
    || ', in all ' || cast(cast(match_weight as decimal(9, 1)) as varchar) as waterfall
from summed
where match_weight >= 0
