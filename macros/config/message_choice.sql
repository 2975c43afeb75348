{#- The components of a message's score, each from 0 to 1. -#}
{% macro score_components() %}
    {% do return(["purchase", "browsing", "engagement", "demographics", "purchase_prediction", "churn_prediction"]) %}
{% endmacro %}


{#-
    How the message is chosen among those that nothing holds back, by the setting message_choice:
      priority  the smallest priority, then the highest score
      score     the highest score, then the smallest priority
    then the latest, then the first rule id.
-#}
{% macro message_order() %}
    {% set choice = personalize.setting("message_choice") %}
    {% do personalize.check_choice("message_choice", "value", choice, ["priority", "score"]) %}
    {% set first = ["priority", "score desc"] %}
    {% do return((first if choice == "priority" else first | reverse | list) + ["triggered_at desc", "rule_id"]) %}
{% endmacro %}


{#- A rule's goal: one of the setting message_goals, the first of which is the default. -#}
{% macro checked_goal(owner, goal) %}
    {% set goals = personalize.setting("message_goals") %}
    {% if goal is none %}{% do return(goals[0]) %}{% endif %}
    {% do personalize.check_choice(owner, "goal", goal, goals) %}
    {% do return(goal) %}
{% endmacro %}


{#- Rows of rule_id, goal. -#}
{% macro rule_goal_rows() %}
    {% set rows = [] %}
    {% for id, rule in personalize.message_rules().items() %}
        {% do rows.append([personalize.text_literal(id), personalize.text_literal(rule.goal)]) %}
    {% endfor %}
    {% do return(personalize.literal_rows(rows, ["rule_id", "goal"])) %}
{% endmacro %}
