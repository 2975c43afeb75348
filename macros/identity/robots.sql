{#- Whether a user agent says that no person is behind it (cubot is a make of phone). A project overrides it by dispatch. -#}
{% macro is_robot(user_agent) %}{{ return(adapter.dispatch("is_robot", "personalize")(user_agent)) }}{% endmacro %}

{% macro default__is_robot(user_agent) -%}
    {{ personalize.matches(
        "lower(" ~ user_agent ~ ")",
        ".*((^|[^u])bot|crawl|spider|slurp|headless|phantomjs|python-requests|curl/|wget/|libwww|scanner|barracuda|mimecast|proofpoint|safelinks|urldefense|fortimail|symantec|trendmicro).*"
    ) }}
{%- endmacro %}


{#- Whether a user agent is a mail provider that fetches pictures before anybody looks (Apple, Gmail, Yahoo). -#}
{% macro is_mail_proxy(user_agent) %}{{ return(adapter.dispatch("is_mail_proxy", "personalize")(user_agent)) }}{% endmacro %}

{% macro default__is_mail_proxy(user_agent) -%}
    ({{ personalize.matches("lower(" ~ user_agent ~ ")", ".*(googleimageproxy|ggpht|yahoomailproxy|applemail.*proxy|mailprivacy|apple.*privacy).*") }} or trim({{ user_agent }}) = 'Mozilla/5.0')
{%- endmacro %}
