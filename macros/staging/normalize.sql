{#- Normal forms of identifiers. A project overrides one by dispatch. -#}


{#- Lower case, trimmed; null unless it has the form of an address that a mailbox can have (RFC 5321 lengths). -#}
{% macro normalized_email(text) %}{{ return(adapter.dispatch("normalized_email", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_email(text) -%}
    {%- set address = "lower(trim(" ~ text ~ "))" -%}
    {%- set local = '[^\\s@"(),:;<>\\[\\]\\\\.]+([.][^\\s@"(),:;<>\\[\\]\\\\.]+)*' -%}
    {%- set domain = '([^\\s@"(),:;<>\\[\\]\\\\._-]([^\\s@"(),:;<>\\[\\]\\\\._]*[^\\s@"(),:;<>\\[\\]\\\\._-])?[.])+[^\\s@"(),:;<>\\[\\]\\\\._0-9-][^\\s@"(),:;<>\\[\\]\\\\._]*[^\\s@"(),:;<>\\[\\]\\\\._-]' -%}
    case
        when length({{ address }}) <= 254
            and length(split_part({{ address }}, '@', 1)) <= 64
            and {{ personalize.matches(address, local ~ "@" ~ domain) }}
        then {{ address }}
    end
{%- endmacro %}


{#- Digits with a leading + where one was written; null under 7 or over 15 digits (ITU-T E.164). -#}
{% macro normalized_phone(text) %}{{ return(adapter.dispatch("normalized_phone", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_phone(text) -%}
    {%- set digits = personalize.replace_all(text, "[^0-9]", "") -%}
    case
        when length({{ digits }}) between 7 and 15
        then case
            when left(trim({{ text }}), 1) = '+' then '+' || {{ digits }}
            when left({{ digits }}, 2) = '00' then '+' || substr({{ digits }}, 3)
            else {{ digits }}
        end
    end
{%- endmacro %}


{#- Lower case, without accents, punctuation or doubled spaces. -#}
{% macro normalized_name(text) %}{{ return(adapter.dispatch("normalized_name", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_name(text) -%}
    {%- set plain = "translate(lower(" ~ text ~ "), 'áàâäãåāéèêëēėęíìîïīóòôöõøōúùûüūñńçćčšśžźżýÿłßæœ', 'aaaaaaaeeeeeeeiiiiiooooooouuuuunncccsszzzyylsao')" -%}
    nullif(trim({{ personalize.replace_all(plain, "[[:punct:][:space:]]+", " ") }}), '')
{%- endmacro %}
