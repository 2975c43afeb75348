{#- What lasts across runs. Every table of state is incremental, is never refreshed in full and asks these two questions. -#}


{#-
    A condition that is true only in a run whose as_of is not before the latest run on this database, so that
    rebuilding a past day changes nothing that lasts.
-#}
{% macro is_latest_run() -%}
    (select max(runs.as_of) from {{ ref("personalize", "int_personalize__runs") }} as runs) <= {{ personalize.as_of() }}
{%- endmacro %}


{#- A condition that is true only where today's audience was released to the exports. -#}
{% macro is_released() -%}
    exists (
        select 1
        from {{ ref("personalize", "int_personalize__releases") }} as releases
        where releases.as_of = {{ personalize.as_of() }}
            and releases.is_released
    )
{%- endmacro %}
