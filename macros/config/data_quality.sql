{#- {check: severity} as a project wants it (setting data_quality_severities), checked. -#}
{% macro data_quality_severities() %}
    {% set checks = [
        "rows_rejected", "unknown_product", "order_count_differs_from_control_total",
        "order_amount_differs_from_control_total", "input_is_stale", "lookalike_seeds_too_few",
    ] %}
    {% for measure in personalize.compared_measures() %}
        {% do checks.append(measure ~ "_anomaly") %}
    {% endfor %}
    {% do checks.append("unusual_run") %}
    {% set given = personalize.setting("data_quality_severities") or {} %}
    {% if given is not mapping %}
        {% do personalize.refuse("data_quality_severities", "must be a dictionary by check") %}
    {% endif %}
    {% for check, severity in given.items() %}
        {% if check not in checks %}
            {% do personalize.refuse("data_quality_severities", "names the unknown check '" ~ check ~ "'" ~ personalize.hint(check, checks)) %}
        {% elif severity not in ("info", "warn", "fail") %}
            {% do personalize.refuse("data_quality_severities", "gives " ~ check ~ " the severity '" ~ severity ~ "'; it is info, warn or fail") %}
        {% endif %}
    {% endfor %}
    {% set ages = personalize.setting("input_max_age_hours") %}
    {% set inputs = personalize.input_contract() %}
    {% if ages is not mapping %}
        {% do personalize.refuse("input_max_age_hours", "must be a dictionary of hours by input") %}
    {% endif %}
    {% for input, hours in ages.items() %}
        {% if input not in inputs %}
            {% do personalize.refuse("input_max_age_hours", "names the unknown input '" ~ input ~ "'" ~ personalize.hint(input, inputs)) %}
        {% elif hours is not number or hours <= 0 %}
            {% do personalize.refuse("input_max_age_hours", "gives " ~ input ~ " " ~ hours ~ "; it must be a number of hours") %}
        {% endif %}
    {% endfor %}
    {% do return(given) %}
{% endmacro %}


{#- What is compared with earlier runs, of the measures of int_personalize__input_history. -#}
{% macro compared_measures() %}
    {% do return(["rows_read", "rows_rejected", "null_share", "mean", "value_share"]) %}
{% endmacro %}


{#- The columns of an input whose values are few, so that the share of each is watched. -#}
{% macro watched_columns(table) %}
    {% set watched = [] %}
    {% for column, spec in table.columns.items() if spec[0] == "enum" or column == "source_system" or column in table.get("watched", []) %}
        {% do watched.append(column) %}
    {% endfor %}
    {% do return(watched) %}
{% endmacro %}


{#- The spread that a measure has at least, so that what never moved may move a little: half a point of a share, 1 percent of a mean or a count. -#}
{% macro least_spread() -%}
    case
        when this_run.measure in ('null_share', 'value_share') then 0.005
        when this_run.measure = 'mean' or spreads.usual_value > 100 then greatest(abs(spreads.usual_value) * 0.01, 0.000001)
        else 1
    end
{%- endmacro %}


{#- The version of the input tables that this package reads; a project may name the one it was written for. -#}
{% macro input_contract_version() %}
    {% set version = 1 %}
    {% set wanted = personalize.setting("input_contract_version") %}
    {% if wanted is not none and wanted | string != version | string %}
        {% do personalize.refuse(
            "input_contract_version", "is " ~ wanted ~ ", and this package reads version " ~ version
            ~ " of the input tables (models/staging/_sources.yml)"
        ) %}
    {% endif %}
    {% do return(version) %}
{% endmacro %}
