{#- Days that stand for no end at all. -#}
{% macro endless_days() %}{% do return(999999) %}{% endmacro %}


{#- The rules of a jurisdiction, and which number is the strictest: the largest or the smallest. -#}
{% macro jurisdiction_rules() %}
    {% do return({
        "opt_in_level": "max",
        "double_opt_in_level": "max",
        "age_of_consent": "max",
        "consent_days": "min",
        "existing_customer_days": "min",
        "gpc_level": "max",
        "tcf_level": "max",
    }) %}
{% endmacro %}


{#- The stricter of a rule in two rows of rules, either of which may be absent. -#}
{% macro stricter(left, right, rule) -%}
    {{ {"max": "greatest", "min": "least"}[personalize.jurisdiction_rules()[rule]] }}(
        coalesce({{ left }}.{{ rule }}, {{ right }}.{{ rule }}),
        coalesce({{ right }}.{{ rule }}, {{ left }}.{{ rule }})
    )
{%- endmacro %}


{#- Statuses that take something away; by address they bind everybody who holds it. -#}
{% macro opt_out_statuses() -%}
    ('restricted', 'suppressed', 'objected', 'withdrawn', 'denied', 'expired')
{%- endmacro %}


{#- Whether an IAB TCF string (version 2, core segment) holds consent for a purpose; what cannot be read holds none. -#}
{% macro tcf_consents(tcf_string, character_number, bit_value) -%}
    case
        when {{ personalize.matches(tcf_string, "C[A-Za-z0-9_-]{27,}([.][A-Za-z0-9_.-]*)?") }}
            then mod(
                cast(floor(
                    (position(
                        substr({{ tcf_string }}, {{ character_number }}, 1)
                        in 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
                    ) - 1) / {{ bit_value }}
                ) as integer), 2
            ) = 1
        else false
    end
{%- endmacro %}


{#- Whether two rows are of one person, channel and purpose, in one state of our knowledge. -#}
{% macro same_version(left, right) -%}
    {{ left }}.profile_id = {{ right }}.profile_id
    and {{ left }}.channel = {{ right }}.channel
    and {{ left }}.purpose = {{ right }}.purpose
    and {{ left }}.version_number = {{ right }}.version_number
{%- endmacro %}
