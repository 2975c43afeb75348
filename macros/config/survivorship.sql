{#-
    Which account's value each field of the golden record takes, where a person has several. A project changes them with the
    variable personalize_survivorship, a dictionary by field; a field that is taken away stays empty.
      prefer    what decides, one after the other: source (the system that `sources` names earliest; one that it does not
                name comes last), newest (the version written last), complete (the account that fills most fields)
      sources   systems, best first; without it the setting source_priority
-#}
{% macro default_survivorship() %}
    {% set rules = {} %}
    {% for field in personalize.golden_fields() %}
        {% do rules.update({field: {"prefer": ["source", "newest"]}}) %}
    {% endfor %}
    {% do return(rules) %}
{% endmacro %}


{#- The fields of the golden record, as columns of the input customers: {field: normal form, by which placeholders are known}. -#}
{% macro golden_fields() %}
    {% do return({
        "phone": personalize.normalized_phone("phone"),
        "first_name": personalize.normalized_name("first_name"),
        "last_name": "last_name",
        "birth_date": "cast(birth_date as varchar)",
        "gender": "gender",
        "address": "address",
        "city": "city",
        "region": "region",
        "postal_code": "postal_code",
        "country": "country",
        "language": "language",
        "timezone": "timezone",
        "loyalty_tier": "loyalty_tier",
    }) %}
{% endmacro %}


{#- {field: {prefer, sources}}, checked. -#}
{% macro survivorship() %}
    {% set fields = personalize.golden_fields() %}
    {% set declared = personalize.declarations(
        "survivorship rule", "personalize_survivorship", personalize.default_survivorship(),
        {"prefer": true, "sources": false}
    ) %}
    {% set known = ["source", "newest", "complete"] %}
    {% set compiled = {} %}
    {% for field, rule in declared.items() %}
        {% set owner = "survivorship rule " ~ field %}
        {% if field not in fields %}
            {% do personalize.refuse(owner, "is for no field of the golden record" ~ personalize.hint(field, fields)) %}
        {% endif %}
        {% set sources = rule.get("sources", personalize.setting("source_priority")) %}
        {% for key, value in {"prefer": rule.prefer, "sources": sources}.items() if value is string or value is not sequence %}
            {% do personalize.refuse(owner, "has " ~ key ~ " that is not a list") %}
        {% endfor %}
        {% for name in rule.prefer if name not in known %}
            {% do personalize.refuse(owner, "prefers the unknown '" ~ name ~ "'" ~ personalize.hint(name, known)) %}
        {% endfor %}
        {% do compiled.update({field: {"prefer": rule.prefer, "sources": sources}}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#- What the rule of a field puts first, as a number that is smallest for the best; place counts from 0. -#}
{% macro survival_order(rule, place) -%}
    {%- set by = rule.prefer[place] if place < rule.prefer | length else none -%}
    {%- if by == "newest" -%}
    datediff('microsecond', updated_at, {{ personalize.as_of() }})
    {%- elif by == "complete" -%}
    -({% for field in personalize.golden_fields() %}case when {{ field }} is not null then 1 else 0 end{{ " + " if not loop.last }}{% endfor %})
    {%- elif by == "source" and rule.sources -%}
    case source_system
        {%- for system in rule.sources %} when '{{ system | string | replace("'", "''") }}' then {{ loop.index }}{% endfor %} else {{ rule.sources | length + 1 }} end
    {%- else -%}
    0
    {%- endif -%}
{%- endmacro %}
