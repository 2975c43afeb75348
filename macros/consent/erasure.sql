{#-
    Where an erasure is told to a system that held the person: {system: {feed, key, told}}.
      key   the feed's column that holds the external_id
      told  which of its rows are deletes
-#}
{% macro erasure_feeds() %}
    {% do return({
        "braze": {"feed": "export_personalize__braze_deletes", "key": "external_id", "told": "true"},
    }) %}
{% endmacro %}


{#-
    What the systems say they have deleted: the relation of the setting esp_deletion_log (columns system, external_id,
    deleted_at), or nothing.
-#}
{% macro deletion_log() -%}
    {%- set relation = personalize.setting("esp_deletion_log") -%}
    {%- if relation %}
    select
        lower(cast(system as varchar)) as system,
        cast(external_id as varchar) as external_id,
        min(cast(deleted_at as timestamp)) as deleted_at
    from {{ relation }}
    group by 1, 2
    {%- else %}
    select
        cast(null as varchar) as system,
        cast(null as varchar) as external_id,
        cast(null as timestamp) as deleted_at
    where false
    {%- endif %}
{%- endmacro %}
