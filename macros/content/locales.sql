{#- The language a person is written to: theirs where the texts exist in it, else default_locale. -#}
{% macro supported_locale(language) -%}
    {%- set locales = [] -%}
    {%- for locale in personalize.locales() -%}{%- do locales.append(personalize.text_literal(locale)) -%}{%- endfor -%}
    case
        when lower(left(trim({{ language }}), 2)) in ({{ locales | join(", ") }}) then lower(left(trim({{ language }}), 2))
        else {{ personalize.text_literal(personalize.setting("default_locale")) }}
    end
{%- endmacro %}


{#- The setting locales, which must hold default_locale. -#}
{% macro locales() %}
    {% set locales = personalize.setting("locales") %}
    {% set default = personalize.setting("default_locale") %}
    {% if locales is string or locales is mapping or locales is not iterable or default not in locales %}
        {% do personalize.refuse("locales", "must be a list that holds the default_locale '" ~ default ~ "'") %}
    {% endif %}
    {% for locale in locales if not modules.re.match("^[a-z]{2}$", locale | string) %}
        {% do personalize.refuse("locales", "has '" ~ locale ~ "'; a locale is two lower-case letters") %}
    {% endfor %}
    {% do return(locales) %}
{% endmacro %}


{#- An amount with two decimals as the locale writes it. -#}
{% macro price_text(amount, locale) -%}
    {%- set locales = [] -%}
    {%- for name in personalize.setting("decimal_comma_locales") -%}
        {%- do locales.append(personalize.text_literal(name)) -%}
    {%- endfor -%}
    {%- set plain = "cast(cast(" ~ amount ~ " as decimal(18, 2)) as varchar)" -%}
    {%- if locales -%}
    case when {{ locale }} in ({{ locales | join(", ") }}) then replace({{ plain }}, '.', ',') else {{ plain }} end
    {%- else -%}
    {{ plain }}
    {%- endif -%}
{%- endmacro %}
