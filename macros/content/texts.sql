{#- A declared text as {locale: text} for every locale, checked; a locale without its own text takes default_locale's. -#}
{% macro localised_text(owner, key, text, about, tokens) %}
    {% set locales = personalize.locales() %}
    {% set default = personalize.setting("default_locale") %}
    {% set by_locale = text if text is mapping else {default: text} %}
    {% for locale in by_locale if locale not in locales and locale not in personalize.shipped_locales() %}
        {% do personalize.refuse(owner, "has a " ~ key ~ " in the unknown locale '" ~ locale ~ "'" ~ personalize.hint(locale, locales)) %}
    {% endfor %}
    {% if by_locale.get(default) is none or default not in by_locale %}
        {% do personalize.refuse(owner, "has no " ~ key ~ " in the default_locale '" ~ default ~ "'") %}
    {% endif %}
    {% set result = {} %}
    {% for locale in locales %}
        {% set template = personalize.plain_braces(by_locale.get(locale) or by_locale[default]) %}
        {% do personalize.check_template(owner ~ ", " ~ key ~ " (" ~ locale ~ "),", template, about, tokens) %}
        {% do result.update({locale: personalize.with_fallbacks(template, locale, tokens)}) %}
    {% endfor %}
    {% do return(result) %}
{% endmacro %}


{#- {{ name | fallback }} as {name|fallback}. -#}
{% macro plain_braces(template) %}
    {% if template is not string or "{" not in template %}
        {% do return(template) %}
    {% endif %}
    {% set single = modules.re.sub("\\{\\{([^{}]*)\\}\\}", "{\\1}", template) %}
    {% set close = modules.re.sub("\\{\\s*([^{}|]*?)\\s*([|}])", "{\\1\\2", single) %}
    {% do return(modules.re.sub("\\{([^{}|]*)\\|\\s*([^{}]*?)\\s*\\}", "{\\1|\\2}", close)) %}
{% endmacro %}


{#- A template whose tokens without a fallback of their own have the words that are declared for them. -#}
{% macro with_fallbacks(template, locale, tokens) %}
    {% set text = namespace(value=template) %}
    {% for name in modules.re.findall("\\{([^{}|]*)\\}", template) if tokens[name].get("fallback") is mapping %}
        {% set text.value = text.value.replace("{" ~ name ~ "}", "{" ~ name ~ "|" ~ tokens[name].fallback[locale] ~ "}") %}
    {% endfor %}
    {% do return(text.value) %}
{% endmacro %}


{#- The locales of the texts that come with the package; a project need not use them all. -#}
{% macro shipped_locales() %}
    {% do return(["en", "de", "fr"]) %}
{% endmacro %}


{#- A template's braces close, its tokens are known, may stand here and have the fallback they need. -#}
{% macro check_template(owner, template, about, tokens) %}
    {% if template is not string %}
        {% do personalize.refuse(owner, "is '" ~ template ~ "', which is not text") %}
    {% elif modules.re.search("[{}]", modules.re.sub("\\{[^{}]*\\}", "", template)) %}
        {% do personalize.refuse(owner, "has a brace that does not belong to a token") %}
    {% endif %}
    {% for found in modules.re.findall("\\{([^{}]*)\\}", template) %}
        {% set name = found.split("|")[0] %}
        {% set fallback = found.split("|")[1:] | join("|") | trim %}
        {% if name not in tokens %}
            {% do personalize.refuse(owner, "has the unknown token '" ~ name ~ "'" ~ personalize.hint(name, tokens)) %}
        {% elif tokens[name].about not in about %}
            {% do personalize.refuse(owner, "has the token '" ~ name ~ "', which nothing here can fill") %}
        {% elif tokens[name].about in ["person", "fact"] and fallback == "" and ("|" in found or tokens[name].get("fallback") is none) %}
            {% do personalize.refuse(owner, "has the token '" ~ name ~ "' without a fallback, as in {" ~ name ~ "|there}") %}
        {% elif tokens[name].about not in ["person", "fact"] and "|" in found %}
            {% do personalize.refuse(owner, "has the token '" ~ name ~ "' with a fallback, which it never needs") %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- A template with the tokens filled that are known while building: the shop's, and without a name the fallbacks. -#}
{% macro prepared_text(template, is_named, tokens) %}
    {% set text = namespace(value=template) %}
    {% for found in modules.re.findall("\\{([^{}]*)\\}", template) %}
        {% set name = found.split("|")[0] %}
        {% set fallback = found.split("|")[1:] | join("|") %}
        {% if tokens[name].about == "shop" %}
            {% set text.value = text.value.replace("{" ~ found ~ "}", personalize.setting(tokens[name].setting) | string) %}
        {% elif tokens[name].about == "person" %}
            {% set text.value = text.value.replace("{" ~ found ~ "}", "{" ~ tokens[name].fact ~ "}" if is_named else fallback) %}
        {% endif %}
    {% endfor %}
    {% do return(text.value) %}
{% endmacro %}


{#- SQL: a prepared text with the remaining tokens filled from {token: expression}. -#}
{% macro rendered_text(text, values) -%}
    {%- set result = namespace(sql=text) -%}
    {%- for token, value in values.items() -%}
        {%- set result.sql = "replace(" ~ result.sql ~ ", '{" ~ token ~ "}', " ~ value ~ ")" -%}
    {%- endfor -%}
    {{ result.sql }}
{%- endmacro %}


{#- SQL: text that comes from data without braces, which could be read as a token, line breaks and doubled spaces. -#}
{% macro plain_text(text) -%}
    nullif(trim({{ personalize.replace_all(text, "[{}[:cntrl:][:space:]]+", " ") }}), '')
{%- endmacro %}


{#- SQL: at most so many characters, the last one an ellipsis where something was cut off. -#}
{% macro shortened(text, max_length) -%}
    case
        when length({{ text }}) > {{ max_length }} then rtrim(left({{ text }}, {{ max_length - 1 }})) || '…'
        else {{ text }}
    end
{%- endmacro %}


{#- SQL: a first name one can greet with, else null: cleaned, not longer than 40 characters, no placeholder. -#}
{% macro usable_name(name) -%}
    case
        when length({{ personalize.plain_text(name) }}) <= 40
            and lower({{ personalize.plain_text(name) }}) not in ('null', 'none', 'nan', 'n/a', 'na', 'unknown', 'test', '-', '.', '?')
        then {{ personalize.plain_text(name) }}
    end
{%- endmacro %}
