{{ config(enabled=personalize.setting("match_likely_pairs")) }}

{%- set comparisons = personalize.match_comparisons() %}
{%- set wanted = personalize.setting("match_sample_pairs") %}
-- grain: one row per pattern of levels among pairs of accounts drawn by chance
with

steps as (

    {{ dbt.generate_series(1000) }}

),

drawn as (

    select
        records.place as left_place,
        1 + mod(records.place - 1 + steps.generated_number, records.records) as right_place
    from {{ ref("int_personalize__match_records") }} as records
    inner join steps
        on steps.generated_number = 1
        or (
            steps.generated_number * 2 < records.records
            and (steps.generated_number - 1) * records.records < {{ wanted }}
        )
    where records.records > 1
        and records.place <= {{ wanted }}

),

compared as (

    select
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_level(id, comparison) }} as {{ id }}_level,
        {%- endfor %}
        drawn.left_place
    from drawn
    inner join {{ ref("int_personalize__match_records") }} as l
        on drawn.left_place = l.place
    inner join {{ ref("int_personalize__match_records") }} as r
        on drawn.right_place = r.place

)

select
    {{ personalize.match_pattern() }} as pattern,
    count(*) as pairs
from compared
group by 1
