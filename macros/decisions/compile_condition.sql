{#-
    A condition tree as SQL over the facts:
      {"all": [...]}, {"any": [...]}, {"not": ...}
      {"column": c, "operator": o, "value": v}
          =, !=, <, <=, >, >=      one value
          in, not in               a list
          between                  [from, to], both included
          contains, not contains   one value, for list columns
          is null, is not null     no value
      {"segment": s}               is in the segment s (only over the facts of int_personalize__decision_facts)
      {"sql": "..."}               any SQL over the facts, unchecked
    facts: {column: type} it may speak of; without, those of int_personalize__decision_facts.
    A value may be {"setting": name}. A fact that is unknown meets no condition but `is null`.
-#}
{% macro compile_condition(owner, tree, facts=none) %}
    {% do return("coalesce(" ~ personalize.condition_sql(owner, tree, facts or personalize.decision_facts()) ~ ", false)") %}
{% endmacro %}


{% macro condition_sql(owner, tree, facts, within=[]) %}
    {% set forms = ["all", "any", "not", "column", "segment", "sql"] %}
    {% if tree is not mapping %}
        {% do personalize.refuse(owner, "has the condition '" ~ tree ~ "'; it must be a dictionary") %}
    {% endif %}
    {% set used = forms | select("in", tree) | list %}
    {% set allowed = ["column", "operator", "value"] if used == ["column"] else used %}
    {% for key in tree if used | length == 1 and key not in allowed or used | length == 0 and key not in ["operator", "value"] %}
        {% do personalize.refuse(
            owner, "has the unknown condition key '" ~ key ~ "'" ~ personalize.hint(key, allowed or forms)
        ) %}
    {% endfor %}
    {% if used | length != 1 %}
        {% do personalize.refuse(owner, "has a condition that must have exactly one of " ~ forms | join(", ")) %}
    {% elif used[0] in ["all", "any"] %}
        {% do return(personalize.combined_sql(owner, tree[used[0]], facts, "and" if used[0] == "all" else "or", within)) %}
    {% elif used[0] == "not" %}
        {% do return("(not " ~ personalize.condition_sql(owner, tree["not"], facts, within) ~ ")") %}
    {% elif used[0] == "segment" %}
        {% do return(personalize.segment_sql(owner, tree["segment"], facts, within)) %}
    {% elif used[0] == "sql" %}
        {% if tree["sql"] is not string or tree["sql"] | trim == "" %}
            {% do personalize.refuse(owner, "has an empty sql condition") %}
        {% endif %}
        {% do return("(" ~ tree["sql"] ~ ")") %}
    {% endif %}
    {% do return(personalize.comparison_sql(owner, tree, facts)) %}
{% endmacro %}


{% macro combined_sql(owner, trees, facts, word, within) %}
    {% if trees is string or trees is mapping or trees is not iterable or trees | list | length == 0 %}
        {% do personalize.refuse(owner, "has an 'all' or 'any' that is not a list of conditions") %}
    {% endif %}
    {% set parts = [] %}
    {% for tree in trees %}
        {% do parts.append(personalize.condition_sql(owner, tree, facts, within)) %}
    {% endfor %}
    {% do return("(" ~ parts | join(" " ~ word ~ " ") ~ ")") %}
{% endmacro %}


{#- The condition of another segment; a segment may not contain itself. -#}
{% macro segment_sql(owner, segment, facts, within) %}
    {% set declared = personalize.declared_segments() %}
    {% if "can_personalize" not in facts %}
        {% do personalize.refuse(owner, "speaks of the segment '" ~ segment ~ "', which is known for today only") %}
    {% endif %}
    {% do personalize.check_choice(owner, "segment", segment, declared) %}
    {% if segment in within or owner == "segment " ~ segment %}
        {% do personalize.refuse(owner, "contains the segment '" ~ segment ~ "' in a circle") %}
    {% endif %}
    {% if declared[segment].get("like") is not none and "lookalikes" not in facts %}
        {% do personalize.refuse(owner, "is like people of the segment '" ~ segment ~ "', which is a look-alike itself") %}
    {% endif %}
    {% set sql = personalize.condition_sql(owner, declared[segment].when, facts, within + [segment]) %}
    {% do return("coalesce(" ~ sql ~ ", false)") %}
{% endmacro %}


{% macro comparison_sql(owner, leaf, facts) %}
    {% set column = leaf["column"] %}
    {% if column not in facts %}
        {% do personalize.refuse(owner, "has the unknown column '" ~ column ~ "'" ~ personalize.hint(column, facts)) %}
    {% endif %}
    {% set type = facts[column] %}
    {% set operators = personalize.operators_of(type) %}
    {% set operator = leaf.get("operator") %}
    {% if operator is not string or operator not in operators %}
        {% do personalize.refuse(
            owner, "compares " ~ column ~ " (" ~ type ~ ") with the unknown operator '" ~ operator ~ "'" ~ personalize.hint(operator, operators)
        ) %}
    {% endif %}
    {% set is_unary = operator in ["is null", "is not null"] %}
    {% if is_unary == ("value" in leaf) %}
        {% do personalize.refuse(
            owner, "compares " ~ column ~ " with '" ~ operator ~ "', which takes " ~ ("no" if is_unary else "a") ~ " value"
        ) %}
    {% elif is_unary %}
        {% do return("(" ~ column ~ " " ~ operator ~ ")") %}
    {% endif %}
    {% set value = personalize.setting_or_value(owner, leaf["value"]) %}
    {% set what = owner ~ " compares " ~ column ~ " (" ~ type ~ ") with" %}
    {% if operator in ["in", "not in", "between"] %}
        {% if value is string or value is mapping or value is not iterable or value | list | length == 0 %}
            {% do personalize.refuse(what, "'" ~ operator ~ "', which takes a list of values") %}
        {% elif operator == "between" and value | length != 2 %}
            {% do personalize.refuse(what, "'between', which takes two values, from and to") %}
        {% endif %}
        {% set literals = [] %}
        {% for item in value %}
            {% do literals.append(personalize.typed_literal(what, type, item)) %}
        {% endfor %}
        {% if operator == "between" %}
            {% do return("(" ~ column ~ " between " ~ literals[0] ~ " and " ~ literals[1] ~ ")") %}
        {% endif %}
        {% do return("(" ~ column ~ " " ~ operator ~ " (" ~ literals | join(", ") ~ "))") %}
    {% elif type == "list" %}
        {% set element = personalize.text_literal("|" ~ value ~ "|") %}
        {% do return("(" ~ ("not " if operator == "not contains" else "") ~ "contains(" ~ column ~ ", " ~ element ~ "))") %}
    {% endif %}
    {% do return("(" ~ column ~ " " ~ operator.replace("!=", "<>") ~ " " ~ personalize.typed_literal(what, type, value) ~ ")") %}
{% endmacro %}


{% macro operators_of(type) %}
    {% if type == "list" %}
        {% do return(["contains", "not contains", "is null", "is not null"]) %}
    {% elif type == "boolean" %}
        {% do return(["=", "!=", "is null", "is not null"]) %}
    {% elif type == "text" %}
        {% do return(["=", "!=", "in", "not in", "is null", "is not null"]) %}
    {% endif %}
    {% do return(["=", "!=", "<", "<=", ">", ">=", "between", "in", "not in", "is null", "is not null"]) %}
{% endmacro %}


{#- A value, or the setting it names. -#}
{% macro setting_or_value(owner, value) %}
    {% if value is not mapping %}
        {% do return(value) %}
    {% endif %}
    {% set settings = personalize.default_settings() %}
    {% if value.keys() | list != ["setting"] %}
        {% do personalize.refuse(owner, "has a value that is a dictionary but not {\"setting\": name}") %}
    {% elif value["setting"] not in settings %}
        {% do personalize.refuse(
            owner, "names the unknown setting '" ~ value["setting"] ~ "'" ~ personalize.hint(value["setting"], settings)
        ) %}
    {% endif %}
    {% do return(personalize.setting(value["setting"])) %}
{% endmacro %}


{% macro typed_literal(owner, type, value) %}
    {% if type == "boolean" and value is boolean %}
        {% do return(value | string | lower) %}
    {% elif type == "number" and value is number and value is not boolean %}
        {% do return(value | string) %}
    {% elif type == "text" and value is string %}
        {% do return(personalize.text_literal(value)) %}
    {% elif type == "timestamp" and value is string %}
        {% do return("cast('" ~ personalize.plain_timestamp(owner ~ " a value that", value) ~ "' as timestamp)") %}
    {% endif %}
    {% do personalize.refuse(owner, "the value '" ~ value ~ "', which is not a " ~ type) %}
{% endmacro %}
