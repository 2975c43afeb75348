{#-
    Where an erasure is told to a system that held the person: {system: {feed, key, told}}.
      key   the feed's column that holds the external_id
      told  which of its rows are deletes
-#}
{% macro erasure_feeds() %}
    {% set deletes = "operation = 'delete'" %}
    {% set feeds = {
        "braze": {"feed": "export_personalize__braze_deletes", "key": "external_id", "told": "true"},
        "klaviyo": {"feed": "export_personalize__klaviyo_profiles", "key": "external_id", "told": deletes},
        "iterable": {"feed": "export_personalize__iterable_users", "key": "user_id", "told": deletes},
        "customerio": {"feed": "export_personalize__customerio_people", "key": "id", "told": deletes},
        "sfmc": {"feed": "export_personalize__sfmc_subscribers", "key": "subscriberkey", "told": deletes},
        "hubspot": {"feed": "export_personalize__hubspot_contacts", "key": "external_id", "told": deletes},
        "sendgrid": {"feed": "export_personalize__sendgrid_contacts", "key": "external_id", "told": deletes},
        "mailchimp": {"feed": "export_personalize__mailchimp_members", "key": "external_id", "told": deletes},
        "listmonk": {"feed": "export_personalize__listmonk_subscribers", "key": "external_id", "told": deletes},
    } %}
    {% set used = {} %}
    {% for system, spec in feeds.items() if personalize.has_esp(system) %}{% do used.update({system: spec}) %}{% endfor %}
    {% do return(used) %}
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
