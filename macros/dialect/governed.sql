{#-
    What is said of a relation once it is built, on a warehouse that knows tags and roles: each column's tag, from its
    `meta: {privacy: …}`, and who may read it. The grant comes last, so nobody reads a column that is not tagged yet.
    Off unless the variable personalize_governance names the tag and the roles:
        {tag: analytics.personalize.privacy, public: [analyst], exports: [esp_reader]}
-#}
{% macro governed(relation, node) %}
    {{ return(adapter.dispatch("governed", "personalize")(relation, node)) }}
{% endmacro %}

{% macro default__governed(relation, node) -%}{%- endmacro %}

{% macro snowflake__governed(relation, node) -%}
    {%- set governance = var("personalize_governance", none) -%}
    {%- if governance -%}
        {%- set kind = "view" if node.config.materialized == "view" else "table" -%}
        {%- set tagged = [] -%}
        {%- for name, privacy in personalize.tagged_columns(node).items() -%}
            {%- do tagged.append("column " ~ name ~ " set tag " ~ governance.tag ~ " = '" ~ privacy ~ "'") -%}
        {%- endfor -%}
        {%- if tagged %}
alter {{ kind }} {{ relation }} modify {{ tagged | join(", ") }};
        {%- endif -%}
        {%- for role in personalize.readers_of(node, governance) %}
grant select on {{ kind }} {{ relation }} to role {{ role }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#- {column: pii, quasi or none} of the columns that say so. -#}
{% macro tagged_columns(node) %}
    {% set tagged = {} %}
    {% for name, column in node.columns.items() %}
        {% set privacy = (column.meta or {}).get("privacy") or ((column.config or {}).get("meta") or {}).get("privacy") %}
        {% if privacy %}{% do tagged.update({name: privacy}) %}{% endif %}
    {% endfor %}
    {% do return(tagged) %}
{% endmacro %}


{#- The roles that may read a model: the exports are for platforms, the public models for people. -#}
{% macro readers_of(node, governance) %}
    {% if node.name.startswith("export_") %}{% do return(governance.get("exports", [])) %}{% endif %}
    {% if node.name.startswith("personalize__") %}{% do return(governance.get("public", [])) %}{% endif %}
    {% do return([]) %}
{% endmacro %}
