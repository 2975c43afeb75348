{{ config(enabled=(target.profile_name == "personalize_demo")) }}

-- one row per row of a hard case (seeds/demo/demo_expected_rows.csv) that was not judged as it
-- should be
with

judged as (

    {%- for input in personalize.input_contract() %}
    select
        '{{ input }}' as input,
        record_id,
        row_status,
        reject_reason
    from {{ ref("int_personalize__checked_" ~ input) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

found as (

    select
        expected.hard_case,
        expected.input,
        expected.record_id,
        expected.row_status,
        expected.reject_reason,
        count(judged.input) as rows_found
    from {{ ref("demo_expected_rows") }} as expected
    left join judged
        on expected.input = judged.input
        and expected.record_id is not distinct from judged.record_id
        and expected.row_status = judged.row_status
        and expected.reject_reason is not distinct from judged.reject_reason
    group by 1, 2, 3, 4, 5

)

select *
from found
where rows_found <> 1
