{#-
    What the package can export, by platform and object. A project names the platforms it uses in personalize_esps.
      rows      the model with one row per record as the platform would read it
      feed      the export
      key       the feed's key columns; in rows, the same or what `from` says
      person    the feed's column that holds the external_id; none for products
      departed  what becomes of a record that is no longer there: clear (the platform keeps the person without our
                attributes; an erased one is deleted), remove (it stores nobody: the row loses its content), delete
      content   the feed's columns that travel
      measures  {limit of personalize_esp_limits: what a record has, over rows}
      data_points  what a row costs where the platform bills data points
      calls     whether somebody has to call an API, in batches; the others read the table or a file of it
-#}
{% macro export_platforms() %}
    {% set payload = {"content": ["payload"], "departed": "clear", "calls": true, "measures": {}} %}
    {% set wide = {
        "rows": "int_personalize__letter_columns",
        "content": personalize.wide_columns("personalize_").keys() | list,
        "departed": "clear",
        "calls": true,
        "measures": {},
    } %}
    {% set record = {"record_bytes": personalize.byte_length("payload")} %}
    {% do return({
        "braze": {
            "users": dict(payload,
                rows="int_personalize__braze_user_rows", key=["external_id"], person="external_id", calls=false,
                data_points=personalize.braze_user_attributes() | length,
                measures={
                    "payload_bytes": "payload_bytes", "attributes": "attributes", "string_characters": "string_characters",
                }),
            "catalog": dict(payload,
                rows="int_personalize__braze_catalog_rows", key=["id"], departed="delete", calls=false,
                measures={"value_characters": "value_characters", "fields": "fields"}),
        },
        "klaviyo": {
            "profiles": dict(payload,
                rows="int_personalize__klaviyo_profile_rows", key=["external_id"], person="external_id", measures=record),
            "items": dict(payload, rows="int_personalize__klaviyo_item_rows", key=["id"], departed="delete",
                measures={"record_bytes": personalize.byte_length("payload"), "metadata_bytes": "metadata_bytes"}),
        },
        "iterable": {
            "users": dict(payload,
                rows="int_personalize__iterable_user_rows", key=["user_id"], from={"user_id": "external_id"},
                person="user_id", measures=record),
            "catalog": dict(payload,
                rows="int_personalize__iterable_catalog_rows", key=["item_id"], departed="delete",
                measures={"item_id_characters": "length(item_id)"}),
        },
        "customerio": {
            "people": dict(wide, key=["id"], from={"id": "external_id"}, person="id", calls=false,
                measures={"record_bytes": "record_bytes"}),
        },
        "sfmc": {
            "subscribers": {
                "rows": "int_personalize__letters", "key": ["subscriberkey"], "from": {"subscriberkey": "external_id"},
                "person": "subscriberkey", "departed": "clear", "calls": false,
                "content": ["emailaddress", "subject", "preheader"],
                "measures": {"string_characters": "longest_text"},
            },
            "blocks": {
                "rows": "int_personalize__letter_blocks", "key": ["subscriberkey", "slot", "rank"],
                "from": {"subscriberkey": "external_id", "rank": "position"},
                "person": "subscriberkey", "departed": "clear", "calls": false,
                "content": personalize.block_fields(),
                "measures": {"string_characters": "longest_text", "rows_per_key": "position"},
            },
        },
        "hubspot": {
            "contacts": dict(payload,
                rows="int_personalize__hubspot_contact_rows", key=["id"], person="external_id", content=["properties"],
                measures={"value_characters": "longest_text"}),
        },
        "sendgrid": {
            "contacts": dict(wide, key=["email"], person="external_id",
                measures={"custom_fields": "field_count", "record_bytes": "record_bytes"}),
            "mail": dict(payload,
                rows="int_personalize__sendgrid_mail_rows", key=["external_id"], person="external_id", departed="remove",
                measures={"custom_args_bytes": "custom_args_bytes"}),
        },
        "ses": {
            "entries": dict(payload,
                rows="int_personalize__ses_entry_rows", key=["external_id"], person="external_id", departed="remove",
                measures={"template_data_characters": "template_data_characters", "tag_characters": "tag_characters"}),
        },
        "mailchimp": {
            "members": dict(wide,
                key=["subscriber_hash"], from={"subscriber_hash": "email_md5", "email_address": "email"}, person="external_id",
                content=personalize.mailchimp_merge_fields().keys() | list,
                measures={"merge_fields": personalize.mailchimp_merge_fields() | length, "value_bytes": "longest_bytes"}),
        },
        "postmark": {
            "messages": dict(payload,
                rows="int_personalize__postmark_message_rows", key=["external_id"], person="external_id",
                departed="remove", measures=record),
        },
        "listmonk": {
            "subscribers": dict(payload,
                rows="int_personalize__listmonk_subscriber_rows", key=["email"], person="external_id", content=["attribs"]),
        },
        "generic": {
            "nested": dict(payload,
                rows="int_personalize__letters", key=["external_id"], person="external_id", content=["letter"], calls=false,
                measures={"column_bytes": personalize.byte_length("letter"), "record_bytes": personalize.byte_length("letter")}),
            "wide": dict(wide, key=["external_id"], person="external_id", calls=false,
                content=personalize.wide_columns().keys() | list,
                measures={"columns": "field_count + 5", "record_bytes": "record_bytes"}),
            "long": dict(wide,
                rows="int_personalize__letter_blocks", key=["external_id", "slot", "position"], person="external_id",
                content=personalize.block_fields(), calls=false, measures={"column_bytes": "longest_bytes"}),
        },
    }) %}
{% endmacro %}


{#- The platforms that are built, as a project names them in personalize_esps. -#}
{% macro esps() %}
    {% set known = personalize.export_platforms() %}
    {% set named = personalize.setting("personalize_esps") %}
    {% if named is string or named is mapping or named is not iterable %}
        {% do personalize.refuse("personalize_esps", "must be a list of e-mail platforms") %}
    {% endif %}
    {% for name in named if name not in known %}
        {% do personalize.refuse("personalize_esps", "names the unknown platform '" ~ name ~ "'" ~ personalize.hint(name, known)) %}
    {% endfor %}
    {% do return(named) %}
{% endmacro %}


{#- Whether a platform is built. -#}
{% macro has_esp(name) %}{% do return(name in personalize.esps()) %}{% endmacro %}


{#- What is exported in this project: [{esp, object, rows, feed, key, …}]. -#}
{% macro exported_objects() %}
    {% set exported = [] %}
    {% for esp, objects in personalize.export_platforms().items() if esp in personalize.esps() %}
        {% for object, spec in objects.items() %}
            {% do exported.append(dict(spec, esp=esp, object=object, feed="export_personalize__" ~ esp ~ "_" ~ object)) %}
        {% endfor %}
    {% endfor %}
    {% do return(exported) %}
{% endmacro %}


{#- The key of a record in its feed as one text, over the columns of rows. -#}
{% macro record_key(spec, rows) -%}
    {%- for column in spec.key -%}
        {{ "|| '|' || " if not loop.first }}cast({{ rows }}.{{ spec.get("from", {}).get(column, column) }} as varchar)
    {%- endfor -%}
{%- endmacro %}
