{#-
    The order of a way's list (blend or ranker) by its place, except that the best discovery comes no later than the place kept
    for one (setting recommendation_discovery_place; 0: none is kept).
-#}
{% macro with_discovery_in(way) -%}
    {%- set kept = personalize.setting("recommendation_discovery_place") -%}
    case
        when strategy = 'discovery' and place_in_{{ way }} = 1 and {{ way }}_place > {{ kept }} and {{ kept }} > 0
            then {{ kept }} - 0.5
        else {{ way }}_place
    end
{%- endmacro %}
