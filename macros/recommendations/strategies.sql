{#- The needs a product can be offered for; int_personalize__<strategy>_candidates makes the offers. -#}
{% macro known_strategies() %}
    {% do return([
        "replenishment", "discovery", "complement", "buy_again", "trending", "new_arrivals", "popular"
    ]) %}
{% endmacro %}


{#- The strategies that may fill a list, in order; an unknown or repeated one stops the run. -#}
{% macro recommendation_strategies() %}
    {% set known = personalize.known_strategies() %}
    {% set configured = personalize.setting("recommendation_strategies") %}
    {% if configured is string or configured is not sequence or configured | length == 0 %}
        {% do exceptions.raise_compiler_error(
            "personalize: recommendation_strategies must be a list such as " ~ known | join(", ") ~ "."
        ) %}
    {% endif %}
    {% for strategy in configured %}
        {% if strategy not in known %}
            {% do exceptions.raise_compiler_error(
                "personalize: recommendation_strategies names '" ~ strategy ~ "', which is none of "
                ~ known | join(", ") ~ "."
            ) %}
        {% elif configured.count(strategy) > 1 %}
            {% do exceptions.raise_compiler_error(
                "personalize: recommendation_strategies names '" ~ strategy ~ "' twice."
            ) %}
        {% endif %}
    {% endfor %}
    {% do return(configured) %}
{% endmacro %}


{#- The same with the last rung, popular products, behind them if it is not among them. -#}
{% macro recommendation_ladder() %}
    {% set strategies = personalize.recommendation_strategies() %}
    {% do return(strategies if "popular" in strategies else strategies + ["popular"]) %}
{% endmacro %}


{#- How similarity is learnt: graph (fast), slim (more accurate), slim_and_filter (most accurate, slow). -#}
{% macro similar_method() %}
    {% set methods = ["graph", "slim", "slim_and_filter"] %}
    {% do return(personalize.method_setting("similar_method", methods)) %}
{% endmacro %}


{#- What goes with the last purchase: graph (what the same people have) or sequence (what comes after). -#}
{% macro complement_method() %}
    {% do return(personalize.method_setting("complement_method", ["graph", "sequence"])) %}
{% endmacro %}


{#- A setting that is one of some words; anything else stops the run. -#}
{% macro method_setting(name, methods) %}
    {% set method = personalize.setting(name) %}
    {% if method not in methods %}
        {% do exceptions.raise_compiler_error(
            "personalize: " ~ name ~ " is '" ~ method ~ "'; it must be " ~ methods | join(" or ") ~ "."
        ) %}
    {% endif %}
    {% do return(method) %}
{% endmacro %}


{#- A version that changes with the method and everything that tunes it, and with nothing else. -#}
{% macro recommendation_version() %}
    {% set tuning = {} %}
    {% for name in personalize.default_settings() %}
        {% if modules.re.match("^(recommendation|similar|complement|new_arrival|interaction|replenish|popularity|exclude)", name) %}
            {% do tuning.update({name: personalize.setting(name)}) %}
        {% endif %}
    {% endfor %}
    {% do return("graph-" ~ local_md5(tojson(tuning, sort_keys=true))[:8]) %}
{% endmacro %}


{#- Whole days from a timestamp to as_of; 0 for the last 24 hours. -#}
{% macro days_ago(timestamp) -%}
    cast(floor({{ personalize.days_between(timestamp, personalize.as_of()) }}) as integer)
{%- endmacro %}
