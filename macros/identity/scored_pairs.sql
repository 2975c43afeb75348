{#-
    CTEs that compare and weigh pairs, ending in `scored_pairs` (left_account, right_account, a level and a weight for each
    comparison, start_weight, match_weight).
    pairs: left_place, right_place, the places of two records in int_personalize__match_records. `weights`: as
    weights_in_a_row makes them.
-#}
{% macro scored_pairs(pairs, weights) -%}
{%- set comparisons = personalize.match_comparisons() -%}
left_sides as (

    select distinct left_place
    from {{ pairs }}

),

sides as (

    select
        records_now.place,
        {%- for id, comparison in comparisons.items() if comparison.kind != "exact" %}
        coalesce({{ id }}_frequencies.share, {{ id }}_rarities.share) as {{ id }}_share,
        {%- endfor %}
        records_now.account
    from {{ ref("personalize", "int_personalize__match_records") }} as records_now
    inner join left_sides
        on records_now.place = left_sides.left_place
    {{ personalize.frequency_joins(comparisons) }}

),

compared as (

    select
        pairs.left_place,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_level(id, comparison) }} as {{ id }}_level,
        {%- endfor %}
        l.account as left_account,
        r.account as right_account
    from {{ pairs }} as pairs
    inner join {{ ref("personalize", "int_personalize__match_records") }} as l
        on pairs.left_place = l.place
    inner join {{ ref("personalize", "int_personalize__match_records") }} as r
        on pairs.right_place = r.place

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
    from compared as pairs
    inner join sides
        on pairs.left_place = sides.place
    cross join {{ weights }} as weights

),

scored_pairs as (

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
{%- endmacro %}
