{#- The setting quiet_hours, {from: "21:00", to: "08:00"} in local time, in minutes of the day; without it, none of 0 minutes. -#}
{% macro quiet_hours() %}
    {% set given = personalize.setting("quiet_hours") %}
    {% set zone = personalize.setting("default_timezone") %}
    {% if zone not in modules.pytz.all_timezones_set %}
        {% do personalize.refuse("default_timezone", "is '" ~ zone ~ "', which is not a time zone like Europe/Berlin") %}
    {% elif given is none %}
        {% do return({"from": 0, "to": 0, "minutes": 0, "default_timezone": zone}) %}
    {% endif %}
    {% do personalize.check_declaration("quiet_hours", given, {"from": true, "to": true}) %}
    {% set bounds = {} %}
    {% for key in ["from", "to"] %}
        {% if not modules.re.match("^([01][0-9]|2[0-3]):[0-5][0-9]$", given[key] | string) %}
            {% do personalize.refuse("quiet_hours", "has the " ~ key ~ " '" ~ given[key] ~ "'; it must be a time like \"21:00\"") %}
        {% endif %}
        {% do bounds.update({key: (given[key][:2] | int) * 60 + given[key][3:] | int}) %}
    {% endfor %}
    {% if bounds["from"] == bounds["to"] %}
        {% do personalize.refuse("quiet_hours", "begin and end at " ~ given["from"]) %}
    {% endif %}
    {% do bounds.update({"minutes": (bounds["to"] - bounds["from"]) % 1440, "default_timezone": zone}) %}
    {% do return(bounds) %}
{% endmacro %}


{#- The offset of every time zone from UTC at as_of, in minutes; the tz database is that of dbt, the same for every warehouse. -#}
{% macro timezone_rows() %}
    {% set rows = [] %}
    {% set moment = modules.pytz.utc.localize(modules.datetime.datetime.strptime(
        personalize.as_of().split("'")[1][:19], "%Y-%m-%d %H:%M:%S"
    )) %}
    {% for name in modules.pytz.all_timezones %}
        {% set offset = moment.astimezone(modules.pytz.timezone(name)).utcoffset() %}
        {% do rows.append([personalize.text_literal(name), (offset.total_seconds() / 60) | int]) %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["timezone", "offset_minutes"])) %}
{% endmacro %}
