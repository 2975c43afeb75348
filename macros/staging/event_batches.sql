{#-
    Events in batches, for shops whose events are too many to be checked anew in every run: setting event_lookback_days.
    The checked table stays, and of the input are read again
      the days from the lookback on, and rows without a time,
      every day whose rows are not those of the table, by their number and keys (late arrivals of any age, rows that went),
      and whatever shares its key with a row of those days, so that duplicates are judged together.
    What an erasure reaches loses its content where it lies. The rows are those of a full build, except where a row older
    than the lookback is changed in place; --full-refresh reads everything.
-#}


{#- The configuration of a checked table of events. -#}
{% macro event_batches(input) %}
    {% if personalize.setting("event_lookback_days") is none %}{% do return({"materialized": "table"}) %}{% endif %}
    {% do return({
        "materialized": "incremental",
        "incremental_strategy": "delete+insert",
        "unique_key": "record_id",
        "pre_hook": "{{ personalize.open_batches('" ~ input ~ "') }}",
    }) %}
{% endmacro %}


{#- Whether this run reads only the batches of an input that are open. -#}
{% macro reads_batches(input) %}
    {% do return(
        personalize.input_contract()[input].get("batched")
        and personalize.setting("event_lookback_days") is not none
        and is_incremental()
    ) %}
{% endmacro %}


{#- The day of an event: its batch. Rows without a time share the first day of the calendar. -#}
{% macro batch_day(time) -%}
    coalesce(cast({{ time }} as date), {{ personalize.undated() }})
{%- endmacro %}

{% macro undated() -%}cast('0001-01-01' as date){%- endmacro %}


{#- Key and day of every row of an input. -#}
{% macro arrived_rows(input) -%}
    select
        arrived.event_id,
        {{ personalize.batch_day("arrived.occurred_at") }} as batch_day
    from (
        {{ personalize.typed_rows(input, ["event_id", "occurred_at"]) | indent(8) }}
    ) as arrived
{%- endmacro %}


{#- Per day the number of rows and a sum over their keys as an erasure would hash them: equal where the rows are. -#}
{% macro day_sums(rows, hashed_key) -%}
    select
        batch_day,
        count(*) as day_rows,
        sum(cast(floor({{ personalize.unit_hash(hashed_key) }} * 1000000000) as bigint)) as key_sum
    from {{ rows }}
    group by batch_day
{%- endmacro %}

{% macro arrived_day_sums(rows) -%}
    {{ personalize.day_sums(rows, personalize.keyed_hash("'record:' || coalesce(event_id, '')")) }}
{%- endmacro %}

{% macro held_day_sums() -%}
    {%- set hashed = personalize.keyed_hash("'record:' || coalesce(record_id, '')") -%}
    {{ personalize.day_sums(this, "case when reject_reason = 'erased' then record_id else " ~ hashed ~ " end") }}
{%- endmacro %}


{#- The CTEs batch_days and batch_keys: what of an input is read in this run. -#}
{% macro batch_ctes(input) -%}
arrived as (

    {{ personalize.arrived_rows(input) }}

),

batch_days as (

    select arrived_days.batch_day
    from (
        {{ personalize.arrived_day_sums("arrived") | indent(8) }}
    ) as arrived_days
    left join (
        {{ personalize.held_day_sums() | indent(8) }}
    ) as held_days
        on arrived_days.batch_day = held_days.batch_day
    where held_days.batch_day is null
        or arrived_days.day_rows <> held_days.day_rows
        or arrived_days.key_sum <> held_days.key_sum

),

batch_keys as (

    select distinct arrived.event_id
    from arrived
    inner join batch_days
        on arrived.batch_day = batch_days.batch_day
    where arrived.event_id is not null

),
{%- endmacro %}


{#- What follows the raw rows of an input where only its open batches are read. -#}
{% macro within_batches() -%}
left join batch_days
    on {{ personalize.batch_day(personalize.try_timestamp("raw.raw_occurred_at")) }} = batch_days.batch_day
left join batch_keys
    on raw.raw_event_id = batch_keys.event_id
where batch_days.batch_day is not null
    or batch_keys.event_id is not null
{%- endmacro %}


{#- Key and day of the rows held whose person was erased since. -#}
{% macro newly_refused_rows(input) -%}
    {%- set refusable = personalize.refusable_identifiers(personalize.input_contract()[input].columns) -%}
    with refused as (
        {{ personalize.refused_identifiers(this, refusable) | indent(8) }}
    )
    {%- for type, identifier in refusable.items() %}
    select
        typed.record_id,
        typed.batch_day
    from {{ this }} as typed
    inner join refused
        on refused.identifier_type = '{{ type }}'
        and refused.identifier = {{ identifier }}
    where not coalesce(typed.occurred_at > refused.erased_at and refused.readmitted_at is not null, false)
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- Before an incremental run of a checked table: what was erased loses its content, what is to be read again goes. -#}
{% macro open_batches(input) -%}
{%- if is_incremental() -%}
{%- set lookback = personalize.setting("event_lookback_days") | int -%}
{%- set first_day = "cast(" ~ dbt.dateadd("day", -lookback, personalize.as_of()) ~ " as date)" -%}
delete from {{ this }}
where batch_day in (
    select refused_rows.batch_day
    from (
        {{ personalize.newly_refused_rows(input) | indent(8) }}
    ) as refused_rows
    left join (
        select record_id
        from {{ this }}
        group by record_id
        having count(*) > 1
    ) as shared
        on refused_rows.record_id = shared.record_id
    where refused_rows.record_id is null
        or shared.record_id is not null
);
update {{ this }}
set
    {%- for column in personalize.input_contract()[input].columns %}
    {{ column }} = null,
    {%- endfor %}
    record_id = {{ personalize.keyed_hash("'record:' || record_id") }},
    row_status = 'rejected',
    reject_reason = 'erased',
    row_json = null
where record_id in (
    select refused_rows.record_id
    from (
        {{ personalize.newly_refused_rows(input) | indent(8) }}
    ) as refused_rows
);
delete from {{ this }}
where batch_day >= {{ first_day }}
    or batch_day = {{ personalize.undated() }}
    or row_status = 'later'
    or reject_reason = 'erased' and batch_day >= (
        select min(cast(refusals.erased_at as date))
        from {{ ref("personalize", "int_personalize__refusals") }} as refusals
        where refusals.readmitted_at >= {{ first_day }}
    );
delete from {{ this }}
where batch_day in (
    select held_days.batch_day
    from (
        {{ personalize.held_day_sums() | indent(8) }}
    ) as held_days
    left join (
        {{ personalize.arrived_day_sums("(" ~ personalize.arrived_rows(input) ~ ") as arrived") | indent(8) }}
    ) as arrived_days
        on held_days.batch_day = arrived_days.batch_day
    where arrived_days.batch_day is null
        or arrived_days.day_rows <> held_days.day_rows
        or arrived_days.key_sum <> held_days.key_sum
);
{%- endif -%}
{%- endmacro %}
