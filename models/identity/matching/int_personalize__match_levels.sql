{{ config(enabled=personalize.setting("match_likely_pairs")) }}

{%- set comparisons = personalize.match_comparisons() %}
-- grain: one row per comparison and level, best first
{%- for id, comparison in comparisons.items() %}
{%- set outer = loop %}
{%- for level, rule in comparison.levels.items() %}
select
    {{ outer.index0 }} as comparison_number,
    '{{ id }}' as comparison,
    {{ loop.index0 }} as level_number,
    '{{ level }}' as level_name,
    {{ "true" if loop.index0 < comparison.agrees else "false" }} as agrees,
    cast({{ rule[1] }} as double) as assumed_m
{{ "union all" if not (outer.last and loop.last) }}
{%- endfor %}
{%- endfor %}
