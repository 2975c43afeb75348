{%- set objects = personalize.exported_objects() %}
-- grain: one row per platform and object, with what a sync of this run's changes will take
with

moved as (

    {%- for spec in objects %}
    select
        '{{ spec.esp }}' as esp,
        '{{ spec.object }}' as object,
        {{ "true" if spec.calls else "false" }} as is_called,
        count(*) as rows_held,
        {{ personalize.in_this_run("1") }} as rows_to_sync,
        {{ personalize.in_this_run(personalize.bytes_of(spec.content, "feed")) }} as bytes_to_sync,
        {%- if spec.calls %}
        {{ personalize.requests_in_this_run() }} as requests,
        {%- else %}
        0 as requests,
        {%- endif %}
        {{ spec.get("data_points", 0) }} as data_points_per_row
    from {{ ref(spec.feed) }} as feed
    union all
    {%- endfor %}
    select
        cast(null as varchar) as esp,
        cast(null as varchar) as object,
        false as is_called,
        0 as rows_held,
        0 as rows_to_sync,
        0 as bytes_to_sync,
        0 as requests,
        0 as data_points_per_row
    where false

)

select
    cast(moved.esp as varchar) as esp,
    cast(moved.object as varchar) as object,
    cast(moved.rows_held as bigint) as rows_held,
    cast(moved.rows_to_sync as bigint) as rows_to_sync,
    cast(moved.bytes_to_sync as bigint) as bytes_to_sync,
    cast(case when moved.is_called then moved.requests end as bigint) as api_calls,
    case
        when moved.is_called
            then cast(round(cast(moved.requests as double) / rates.limit_value, 2) as double)
    end as minutes_at_rate_limit,
    cast(nullif(moved.rows_to_sync * moved.data_points_per_row, 0) as bigint) as data_points
from moved
left join {{ ref("personalize_esp_limits") }} as rates
    on moved.esp = rates.esp
    and moved.object = rates.object
    and rates.limit_name = 'requests_per_minute'
