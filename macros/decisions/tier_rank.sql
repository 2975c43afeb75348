{#- SQL: the place of a loyalty tier in the setting loyalty_tiers, from 1 up; null where it is not listed. -#}
{% macro tier_rank(tier) -%}
    {%- set tiers = personalize.setting("loyalty_tiers") -%}
    case lower({{ tier }})
        {%- for name in tiers %}
        when {{ personalize.text_literal((name | string).lower()) }} then {{ loop.index }}
        {%- endfor %}
        {%- if not tiers %}
        when '' then 0
        {%- endif %}
    end
{%- endmacro %}
