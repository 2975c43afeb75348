{#-
    A condition that is true only in a run whose as_of is not before the latest run on this database. Every table of
    state filters by it, so that rebuilding a past day changes nothing that lasts.
-#}
{% macro is_latest_run() -%}
    (select max(runs.as_of) from {{ ref("personalize", "int_personalize__runs") }} as runs) <= {{ personalize.as_of() }}
{%- endmacro %}
