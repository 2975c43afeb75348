{#-
    A public model with what names a person hidden, by the privacy tags of its columns: pii is *** (or null where it is no
    text), a birthday its year, a postal code its first two characters. Where a warehouse has roles, policies do the same to
    the model itself.
-#}
{% macro masked(model) -%}
{%- set relation = ref("personalize", model) -%}
{%- set described = personalize.described_columns(model) if execute else {} -%}
select
    {%- for name, column in described.items() %}
    cast({{ personalize.masked_column(name, column) }} as {{ column.data_type }}) as {{ name }}{{ "," if not loop.last }}
    {%- else %}
    *
    {%- endfor %}
from {{ relation }}
{%- endmacro %}


{#- The columns of a model of this package as its YAML describes them: {name: {data_type, privacy}}. -#}
{% macro described_columns(model) %}
    {% set found = {} %}
    {% for node in graph.nodes.values() if node.name == model and node.package_name == "personalize" and node.resource_type == "model" %}
        {% for column in node.columns.values() %}
            {% set meta = (column.get("config") or {}).get("meta") or column.get("meta") or {} %}
            {% do found.update({column.name: {
                "data_type": column.get("data_type") or "varchar",
                "privacy": meta.get("privacy", "pii"),
            }}) %}
        {% endfor %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}


{% macro masked_column(name, column) -%}
    {%- if column.privacy == "pii" and column.data_type == "varchar" -%}
        case when {{ name }} is not null then '***' end
    {%- elif column.privacy == "pii" -%}
        cast(null as {{ column.data_type }})
    {%- elif column.privacy == "quasi" and name == "birth_date" -%}
        cast(date_trunc('year', {{ name }}) as date)
    {%- elif column.privacy == "quasi" and name == "postal_code" -%}
        left({{ name }}, 2) || '***'
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}
