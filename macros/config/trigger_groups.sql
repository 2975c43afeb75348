{#-
    Groups of rules. A project changes them with the variable personalize_trigger_groups, a dictionary by id.
      exclusive_days  after an e-mail of one rule of the group, none of another for so many days
      cap_per_day, cap_per_week  how many e-mails of the group's rules a person may get in 24 and in 168 hours
    What was sent is what the e-mail events say, by campaign_id = the rule's id.
-#}
{% macro default_trigger_groups() %}
    {% do return({
        "shopping": {"description": "About a product somebody looked at", "exclusive_days": 2, "cap_per_week": 2},
        "retention": {"description": "To keep somebody", "exclusive_days": 14},
    }) %}
{% endmacro %}


{#- {id: {exclusive_days, cap_per_day, cap_per_week}}, checked. -#}
{% macro trigger_groups() %}
    {% set declared = personalize.declarations(
        "trigger group", "personalize_trigger_groups", personalize.default_trigger_groups(), {
            "description": false, "exclusive_days": false, "cap_per_day": false, "cap_per_week": false,
        }
    ) %}
    {% set checked = {} %}
    {% for id, group in declared.items() %}
        {% set owner = "trigger group " ~ id %}
        {% do checked.update({id: {
            "exclusive_days": personalize.number_of_days(owner, "exclusive_days", group.get("exclusive_days", 0)),
            "cap_per_day": personalize.checked_cap(owner, "cap_per_day", group.get("cap_per_day")),
            "cap_per_week": personalize.checked_cap(owner, "cap_per_week", group.get("cap_per_week")),
        }}) %}
    {% endfor %}
    {% do return(checked) %}
{% endmacro %}


{#- A cap: a whole number from 1 up, or none for no cap. -#}
{% macro checked_cap(owner, key, value) %}
    {% set cap = personalize.setting_or_value(owner, value) %}
    {% if cap is not none and (cap is not integer or cap is boolean or cap < 1) %}
        {% do personalize.refuse(owner, "has the " ~ key ~ " '" ~ cap ~ "'; it must be a whole number from 1 up") %}
    {% endif %}
    {% do return(cap) %}
{% endmacro %}


{#- The rules and their groups with what they allow: rows of rule_id, group_id, exclusive_days, cap_per_day, cap_per_week. -#}
{% macro rule_group_rows() %}
    {% set groups = personalize.trigger_groups() %}
    {% set rows = [] %}
    {% for id, rule in personalize.message_rules().items() if rule.group is not none %}
        {% set group = groups[rule.group] %}
        {% do rows.append([
            personalize.text_literal(id), personalize.text_literal(rule.group), "cast(" ~ group.exclusive_days ~ " as double)",
            personalize.number_or_null(group.cap_per_day), personalize.number_or_null(group.cap_per_week),
        ]) %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["rule_id", "group_id", "exclusive_days", "cap_per_day", "cap_per_week"])) %}
{% endmacro %}


{#- Triggers and the stages of journeys that send a message, by rule id. -#}
{% macro message_rules() %}
    {% set rules = {} %}
    {% do rules.update(personalize.triggers()) %}
    {% do rules.update(personalize.journey_rules()) %}
    {% do return(rules) %}
{% endmacro %}
