{#- The language a person is written to: theirs where the texts exist in it, else default_locale. -#}
{% macro supported_locale(language) -%}
    case
        when lower(left(trim({{ language }}), 2)) in ({{ personalize.listed(personalize.locales()) }}) then lower(left(trim({{ language }}), 2))
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


{#- SQL: a number with so many decimals as the locale writes it: 1,234.50, 1.234,50 or, in French, 1 234,50. -#}
{% macro number_text(number, decimals, locale) -%}
    {%- set comma = personalize.listed(personalize.setting("decimal_comma_locales")) -%}
    {%- set plain = "cast(cast(abs(" ~ number ~ ") as decimal(18, " ~ decimals ~ ")) as varchar)" -%}
    {%- set behind = 3 + (decimals + 1 if decimals else 0) -%}
    {%- set has_comma = locale ~ " in (" ~ comma ~ ")" if comma else "false" -%}
    {%- set mark = "case when " ~ locale ~ " = 'fr' then '\u00a0' when " ~ has_comma ~ " then '.' else ',' end" -%}
    {%- set written = "replace(" ~ plain ~ ", '.', case when " ~ has_comma ~ " then ',' else '.' end)" -%}
    {%- set length = "length(" ~ plain ~ ")" -%}
    case when round({{ number }}, {{ decimals }}) < 0 then '-' else '' end
    || case
        when {{ length }} > {{ behind + 3 }} then left({{ written }}, {{ length }} - {{ behind + 3 }}) || {{ mark }}
            || substr({{ written }}, {{ length }} - {{ behind + 2 }}, 3) || {{ mark }} || right({{ written }}, {{ behind }})
        when {{ length }} > {{ behind }} then left({{ written }}, {{ length }} - {{ behind }}) || {{ mark }}
            || right({{ written }}, {{ behind }})
        else {{ written }}
    end
{%- endmacro %}


{#- Texts as a list of SQL literals. -#}
{% macro listed(texts) %}
    {% set literals = [] %}
    {% for text in texts %}{% do literals.append(personalize.text_literal(text)) %}{% endfor %}
    {% do return(literals | join(", ")) %}
{% endmacro %}


{#- SQL: an amount with its currency: 1,234.50 EUR. -#}
{% macro price_text(amount, currency, locale) -%}
    {{ personalize.number_text(amount, 2, locale) }} || ' ' || {{ currency }}
{%- endmacro %}


{#- The months by language; a language without its months writes 2026-05-01. -#}
{% macro month_names() %}
    {% do return({
        "en": [
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ],
        "de": [
            "Januar", "Februar", "März", "April", "Mai", "Juni",
            "Juli", "August", "September", "Oktober", "November", "Dezember",
        ],
        "fr": [
            "janvier", "février", "mars", "avril", "mai", "juin",
            "juillet", "août", "septembre", "octobre", "novembre", "décembre",
        ],
    }) %}
{% endmacro %}


{#- SQL: a day as the locale writes it: 1 May 2026, 1. Mai 2026, 1er mai 2026. -#}
{% macro date_text(time, locale) -%}
    {%- set day, year = "cast(extract(day from " ~ time ~ ") as varchar)", "cast(extract(year from " ~ time ~ ") as varchar)" -%}
    {%- set months = personalize.month_names() -%}
    {%- set behind = {"de": "'. '", "fr": "case when " ~ day ~ " = '1' then 'er ' else ' ' end"} -%}
    case
        {%- for name in personalize.locales() if name in months %}
        when {{ locale }} = '{{ name }}' then {{ day }} || {{ behind.get(name, "' '") }} || case extract(month from {{ time }})
            {%- for month in months[name] %} when {{ loop.index }} then '{{ month }}'{% endfor %} end || ' ' || {{ year }}
        {%- endfor %}
        else cast(cast({{ time }} as date) as varchar)
    end
{%- endmacro %}


{#- SQL: up to three texts, of which the later ones may be null, as the locale lists them: A, B and C. -#}
{% macro list_text(texts, locale) -%}
    {%- set words = {"en": " and ", "de": " und ", "fr": " et "} -%}
    {%- set last = namespace(word="case") -%}
    {%- for name, word in words.items() %}{% set last.word = last.word ~ " when " ~ locale ~ " = '" ~ name ~ "' then '" ~ word ~ "'" %}{% endfor -%}
    {%- set last.word = last.word ~ " else ', ' end" -%}
    {{ texts[0] }}
    || coalesce(case when {{ texts[2] }} is null then {{ last.word }} else ', ' end || {{ texts[1] }}, '')
    || coalesce({{ last.word }} || {{ texts[2] }}, '')
{%- endmacro %}


{#- SQL: a token's value as the reader's language writes it; null where it is not known. -#}
{% macro token_text(token, value, locale) -%}
    {%- if token.type == "number" -%}
        {{ personalize.number_text(value, token.decimals, locale) }}
    {%- elif token.type == "percent" -%}
        {{ personalize.number_text("(100 * " ~ value ~ ")", token.decimals, locale) }}
        || case when {{ locale }} = 'en' then '%' else {{ "'\u00a0%'" }} end
    {%- elif token.type == "money" -%}
        {{ personalize.price_text(value, personalize.text_literal(personalize.setting("default_currency")), locale) }}
    {%- elif token.type == "date" -%}
        {{ personalize.date_text(value, locale) }}
    {%- else -%}
        {{ personalize.plain_text(value) }}
    {%- endif -%}
{%- endmacro %}
