{{ config(enabled=personalize.setting("match_likely_pairs"), materialized="view") }}

{%- set comparisons = personalize.match_comparisons() %}
{%- set wanted = personalize.setting("match_sample_pairs") %}
-- grain: one row per pattern of levels among pairs of accounts drawn by chance
-- what parameters are learnt from; read only when that is due
with

steps as (

    {{ dbt.generate_series(1000) }}

),

ordered as (

    select
        records.*,
        row_number() over (order by records.draw, records.account) as turn,
        count(*) over () as records
    from {{ ref("int_personalize__match_records") }} as records

),

drawn as (

    select
        ordered.turn as left_turn,
        1 + mod(ordered.turn - 1 + steps.generated_number, ordered.records) as right_turn
    from ordered
    inner join steps
        on steps.generated_number = 1
        or (
            steps.generated_number * 2 < ordered.records
            and (steps.generated_number - 1) * ordered.records < {{ wanted }}
        )
    where ordered.records > 1
        and ordered.turn <= {{ wanted }}

),

compared as (

    select
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_level(id, comparison) }} as {{ id }}_level,
        {%- endfor %}
        drawn.left_turn
    from drawn
    inner join ordered as l
        on drawn.left_turn = l.turn
    inner join ordered as r
        on drawn.right_turn = r.turn

)

select
    {{ personalize.match_pattern() }} as pattern,
    count(*) as pairs
from compared
group by 1
