{#-
    A table that reads what it held before, computes what is new or changed and writes that alone. It is no state: whatever
    is lost or refreshed in full is computed, with the same rows.
    key: the columns that say which row takes the place of which.
    gone: what is true of the rows that a model gives for what is no longer there; they are deleted as soon as they
    have taken the place of the rows they name.
-#}
{% macro kept_table(key, gone) %}
    {% do return({
        "materialized": "incremental", "incremental_strategy": "delete+insert", "unique_key": key,
        "on_schema_change": "sync_all_columns", "post_hook": "delete from {{ this }} where " ~ gone,
    }) %}
{% endmacro %}


{#-
    The CTE `moved_rows`: the accounts that a kept table does not hold as they are now, and those that are gone, with
    nothing in the other columns. The first time these are all.
    now: a relation with account, content_hash and the columns. kept: the kept table, or none in a first run.
    known_columns: those that an account keeps from the kept table, with their types.
-#}
{% macro moved_rows(now, kept, columns, known_columns={}) -%}
moved_rows as (

    {% if kept is not none -%}
    select
        coalesce(rows_now.account, known.account) as account,
        {%- for column in columns %}
        rows_now.{{ column }},
        {%- endfor %}
        {%- for column in known_columns %}
        known.{{ column }},
        {%- endfor %}
        rows_now.content_hash
    from {{ now }} as rows_now
    full join {{ kept }} as known
        on rows_now.account = known.account
    where rows_now.content_hash is distinct from known.content_hash
    {%- else -%}
    select
        account,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        {%- for column, type in known_columns.items() %}
        cast(null as {{ type }}) as {{ column }},
        {%- endfor %}
        content_hash
    from {{ now }}
    {%- endif %}

)
{%- endmacro %}
