{#-
    The change feed. A feed is a table of state with one row per key: what the reader should hold, its content_hash,
    and updated_at, the watermark a reader follows. These macros select the rows of a CTE that differ from what the
    feed holds, and only those; all rows of one run carry one updated_at.

    updated_at is as_of, or a microsecond after the newest one the feed holds where as_of is not later, so that a reader
    that keeps the last value it saw never misses a row.
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
from {{ desired }} as desired
cross join feed_clock
{%- if is_incremental() %}
left join {{ this }} as held
    on desired.{{ key }} = held.{{ key }}
{%- endif %}
where {{ personalize.is_released() }}
{%- if is_incremental() %}
    and (held.{{ key }} is null or held.content_hash <> desired.content_hash)
{%- endif %}
{%- endmacro %}
