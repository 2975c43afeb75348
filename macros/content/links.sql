{#-
    SQL: an address as an absolute https link: http becomes https, //host and /path get what they lack; null for anything else,
    such as a path without a slash or data:.
-#}
{% macro absolute_link(address) -%}
    {%- set link = "replace(trim(" ~ address ~ "), ' ', '%20')" -%}
    case
        when {{ link }} like 'https://_%' then {{ link }}
        when {{ link }} like 'http://_%' then 'https://' || substr({{ link }}, 8)
        when {{ link }} like '//_%' then 'https:' || {{ link }}
        when {{ link }} like '/_%' then {{ personalize.text_literal(personalize.shop_host()) }} || {{ link }}
    end
{%- endmacro %}


{#- The setting shop_url, which must be an absolute https link. -#}
{% macro shop_link() %}
    {% set url = personalize.setting("shop_url") | string %}
    {% if not modules.re.match("^https://[^\\s/\"'<>]+(/[^\\s\"'<>]*)?$", url) %}
        {% do personalize.refuse("shop_url", "is '" ~ url ~ "'; it must be an address like https://shop.example") %}
    {% endif %}
    {% do return(url) %}
{% endmacro %}


{#- The shop's address up to its host. -#}
{% macro shop_host() %}
    {% do return("/".join(personalize.shop_link().split("/")[:3])) %}
{% endmacro %}
