{#-
    The change feed. A feed is a table of state with one row per key: what the reader should hold, its content_hash,
    and updated_at, the watermark a reader follows. These macros select the rows of a CTE that differ from what the
    feed holds, and only those.

    updated_at is as_of, or a microsecond after the newest one the feed holds where as_of is not later, so that a reader
    that keeps the last value it saw never misses a row. Where a reader also counts the rows at that last value, as Braze
    does, each row has a microsecond of its own.
-#}


{#- A CTE `feed_clock` (updated_at). Call inside a feed model only. -#}
{% macro feed_clock() -%}
feed_clock as (

    {% if is_incremental() -%}
    select
        case
            when coalesce(max(updated_at) < {{ personalize.as_of() }}, true) then {{ personalize.as_of() }}
            else {{ dbt.dateadd("microsecond", 1, "max(updated_at)") }}
        end as updated_at
    from {{ this }}
    {%- else -%}
    select {{ personalize.as_of() }} as updated_at
    {%- endif %}

)
{%- endmacro %}


{#- `from … where …` over a CTE of desired rows: those that are new or whose content_hash moved. -#}
{% macro from_changed(desired, key) -%}
{%- set keys = [key] if key is string else key -%}
from {{ desired }} as desired
cross join feed_clock
{%- if is_incremental() %}
left join {{ this }} as held
    on {{ personalize.same_key("desired", "held", keys) }}
{%- endif %}
where {{ personalize.is_released() }}
{%- if is_incremental() %}
    and (held.{{ keys[0] }} is null or held.content_hash <> desired.content_hash)
{%- endif %}
{%- endmacro %}


{% macro same_key(left, right, keys) -%}
    {%- for column in keys -%}
        {{ " and " if not loop.first }}{{ left }}.{{ column }} = {{ right }}.{{ column }}
    {%- endfor -%}
{%- endmacro %}


{#-
    The whole of an export, for an object of export_platforms().
      columns   {column: type, or [type, column of rows]}: what the platform reads, its key first
      departed  {column: what it holds once the record is gone, over `held`}; null where not named
      own_times whether each row of a run has an updated_at of its own
      operation whether the feed says what to do with a row: upsert; clear, remove or delete once the record is gone
-#}
{% macro feed(esp, object, columns, departed={}, operation=true, own_times=false) -%}
{%- set spec = personalize.export_platforms()[esp][object] -%}
{%- set can_be_erased = spec.departed == "clear" -%}
-- depends_on: {{ ref("personalize", "int_personalize__audience_state") }}
with

{{ personalize.feed_clock() }},

present as (

    select
        {%- for column, type in columns.items() %}
        candidates.{{ personalize.column_of_rows(column, type, spec) }} as {{ column }},
        {%- endfor %}
        'upsert' as operation,
        candidates.content_hash
    from {{ ref("personalize", spec.rows) }} as candidates
    where
        not exists (
            select 1
            from {{ ref("personalize", "personalize__export_rejects") }} as rejects
            where rejects.esp = '{{ esp }}'
                and rejects.object = '{{ object }}'
                and rejects.record_key = {{ personalize.record_key(spec, "candidates") }}
        )
        {%- if spec.get("person") %}
        and not exists (
            select 1
            from {{ ref("personalize", "int_personalize__destination_refusals") }} as refusals
            where refusals.esp = '{{ esp }}'
                and refusals.external_id = candidates.external_id
        )
        {%- endif %}

),

departed as (

    {% if is_incremental() -%}
    select
        {%- for column, type in columns.items() %}
        {{ personalize.column_once_gone(column, type, spec, departed) }} as {{ column }},
        {%- endfor %}
        {%- if can_be_erased %}
        case when erased.external_id is not null then 'delete' else 'clear' end as operation
        {%- else %}
        '{{ spec.departed }}' as operation
        {%- endif %}
    from {{ this }} as held
    left join present
        on {{ personalize.same_key("held", "present", spec.key) }}
    {%- if can_be_erased %}
    left join {{ ref("personalize", "int_personalize__audience_state") }} as erased
        on held.{{ spec.person }} = erased.external_id
        and erased.reason = 'erased'
    {%- endif %}
    where present.{{ spec.key[0] }} is null
    {%- else -%}
    select
        {{ columns.keys() | join(",\n        ") }},
        operation
    from present
    where false
    {%- endif %}

),

desired as (

    select
        {{ columns.keys() | join(",\n        ") }},
        operation,
        content_hash
    from present
    union all
    select
        {{ columns.keys() | join(",\n        ") }},
        operation,
        operation as content_hash
    from departed

),

moved as (

    select
        {%- for column in columns %}
        desired.{{ column }},
        {%- endfor %}
        desired.operation,
        desired.content_hash,
        feed_clock.updated_at,
        {{ personalize.bytes_of(spec.content, "desired") }} as record_bytes
    {{ personalize.from_changed("desired", spec.key) }}

)

{%- if spec.calls %},

{{ personalize.request_batches(esp, object, spec.key) }}
{%- endif %}

select
    {%- for column, type in columns.items() %}
    cast(moved.{{ column }} as {{ type if type is string else type[0] }}) as {{ column }},
    {%- endfor %}
    {%- if operation %}
    cast(moved.operation as varchar) as operation,
    {%- endif %}
    {%- if spec.calls %}
    cast(batches.batch_number as bigint) as batch_number,
    {%- endif %}
    cast(moved.content_hash as varchar) as content_hash,
    {%- if own_times %}
    cast({{ personalize.own_time("moved.updated_at", personalize.qualified("moved", spec.key)) }} as timestamp) as updated_at
    {%- else %}
    cast(moved.updated_at as timestamp) as updated_at
    {%- endif %}
from moved
{%- if spec.calls %}
inner join batches
    on {{ personalize.same_key("moved", "batches", spec.key) }}
{%- endif %}
{%- endmacro %}


{% macro column_of_rows(column, type, spec) %}
    {% do return(type[1] if type is not string else spec.get("from", {}).get(column, column)) %}
{% endmacro %}


{#- What a departed record still says: its key, and for whom it stood. -#}
{% macro column_once_gone(column, type, spec, departed) -%}
    {%- if column in spec.key or column == spec.get("person") -%}
        held.{{ column }}
    {%- elif column in departed -%}
        {{ departed[column] }}
    {%- else -%}
        cast(null as {{ type if type is string else type[0] }})
    {%- endif -%}
{%- endmacro %}


{#- Bytes of what travels: of one column of JSON, or of several as a JSON object. -#}
{% macro bytes_of(columns, relation) -%}
    {%- if columns | length == 1 -%}
        coalesce({{ personalize.byte_length(relation ~ "." ~ columns[0]) }}, 0)
    {%- else -%}
        {%- set pairs = {} -%}
        {%- for column in columns %}{% do pairs.update({column: relation ~ "." ~ column}) %}{% endfor -%}
        {{ personalize.byte_length(personalize.json_object_text(pairs)) }}
    {%- endif -%}
{%- endmacro %}


{#-
    CTEs up to `batches` (key, batch_number): within one run and operation, which rows go into one request, so that none holds more
    rows or bytes than the platform takes. A stretch of bytes is shorter than a request by its largest record, so that the
    record which begins in it and ends behind it still fits; 4096 bytes are left for what is around the records, and an eighth
    for the spaces and escapes of a sender that writes the JSON anew.
-#}
{% macro request_batches(esp, object, keys) -%}
{%- set key_columns = keys | join(", ") -%}
request_limits as (

    select
        coalesce(max(case when limit_name = 'batch_rows' then limit_value end), 1) as batch_rows,
        0.875 * coalesce(max(case when limit_name = 'request_bytes' then limit_value end), 1000000000000) - 4096
            as request_bytes
    from {{ ref("personalize", "personalize_esp_limits") }}
    where esp = '{{ esp }}'
        and object = '{{ object }}'

),

placed as (

    select
        {{ key_columns }},
        operation,
        record_bytes + 1 as bytes,
        max(record_bytes + 1) over (partition by operation) as largest,
        sum(record_bytes + 1) over (
            partition by operation
            order by {{ key_columns }}
            rows between unbounded preceding and current row
        ) as ends_at
    from moved

),

stretches as (

    select
        placed.*,
        request_limits.batch_rows,
        floor(
            cast(placed.ends_at - placed.bytes as double)
            / case
                when request_limits.request_bytes > placed.largest
                    then request_limits.request_bytes - placed.largest
                else 1
            end
        ) as stretch
    from placed
    cross join request_limits

),

pieces as (

    select
        {{ key_columns }},
        operation,
        stretch,
        floor(
            cast(
                row_number() over (partition by operation, stretch order by {{ key_columns }}) - 1
                as double
            ) / batch_rows
        ) as piece
    from stretches

),

batches as (

    select
        {{ key_columns }},
        dense_rank() over (partition by operation order by stretch, piece) as batch_number
    from pieces

)
{%- endmacro %}


{#- The hook of a feed that must not hold who was erased, because it is no delete feed. -#}
{% macro forget_erased() %}
    {% do return(
        "delete from {{ this }} where external_id in (
            select external_id from {{ ref('personalize', 'int_personalize__audience_state') }} where reason = 'erased'
        )"
    ) %}
{% endmacro %}


{#- Whether a row of `feed` moved in this run. -#}
{% macro is_of_this_run() -%}
    feed.updated_at >= {{ personalize.as_of() }}
{%- endmacro %}


{#- The sum of an expression over the rows of `feed` that moved in this run. -#}
{% macro in_this_run(expression) -%}
    coalesce(sum(case when {{ personalize.is_of_this_run() }} then {{ expression }} else 0 end), 0)
{%- endmacro %}


{#- How many requests these rows make. -#}
{% macro requests_in_this_run() -%}
    count(distinct case when {{ personalize.is_of_this_run() }} then feed.operation || cast(feed.batch_number as varchar) end)
{%- endmacro %}


{#- A time for each row: a microsecond later than that of the row before it. -#}
{% macro own_time(time, keys) -%}
    {{ dbt.dateadd("microsecond", "cast(row_number() over (order by " ~ keys | join(", ") ~ ") - 1 as integer)", time) }}
{%- endmacro %}


{% macro qualified(relation, columns) %}
    {% set names = [] %}
    {% for column in columns %}{% do names.append(relation ~ "." ~ column) %}{% endfor %}
    {% do return(names) %}
{% endmacro %}
