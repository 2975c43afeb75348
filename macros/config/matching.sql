{#-
    Which columns of customers are compared, and how. A project changes them with the variable
    personalize_match_comparisons, a dictionary by id.
      column    column of the input customers (a project adds its own with personalize_customer_columns)
      kind      how values are compared, see match_kinds
      swapped   another comparison with which the value may have been mixed up, as first and last name are
      is_personal   whether it tells the members of a household apart: one such comparison has to agree
-#}
{% macro default_match_comparisons() %}
    {% do return({
        "first_name": {"column": "first_name", "kind": "name", "swapped": "last_name", "is_personal": true},
        "last_name": {"column": "last_name", "kind": "name", "swapped": "first_name"},
        "birth_date": {"column": "birth_date", "kind": "date", "is_personal": true},
        "email": {"column": "email", "kind": "email"},
        "phone": {"column": "phone", "kind": "phone"},
        "address": {"column": "address", "kind": "address"},
        "postal_code": {"column": "postal_code", "kind": "code"},
        "city": {"column": "city", "kind": "text"},
        "region": {"column": "region", "kind": "exact"},
        "gender": {"column": "gender", "kind": "exact"},
    }) %}
{% endmacro %}


{#-
    The levels of each kind of comparison, best first: {level: [condition, m before anything was learnt]}. The last level is
    what no other one is. {l} and {r} stand for the two values, {l_other} and {r_other} for those of `swapped`,
    {l_root} and {r_root} for the full names behind nicknames. Every value is in lower case.
    agrees: how many of the levels speak for the same person.
-#}
{% macro match_kinds() %}
    {% set close = personalize.name_likeness("{l}", "{r}") ~ " >= 92" %}
    {% set similar = personalize.name_likeness("{l}", "{r}") ~ " >= 80" %}
    {% set one_edit = personalize.edits_between("{l}", "{r}") ~ " <= 1" %}
    {% set two_edits = personalize.edits_between("{l}", "{r}") ~ " <= 2" %}
    {% do return({
        "name": {"agrees": 5, "levels": {
            "same": ["{l} = {r}", 0.65], "close": [close, 0.12], "nickname": ["{l_root} = {r_root}", 0.03],
            "similar": [similar, 0.07], "swapped": ["{l} = {r_other} and {r} = {l_other}", 0.02], "differs": ["", 0.11],
        }},
        "date": {"agrees": 3, "levels": {
            "same": ["{l} = {r}", 0.85], "one_edit": [one_edit, 0.08], "two_edits": [two_edits, 0.03],
            "same_year": ["left({l}, 4) = left({r}, 4)", 0.01], "differs": ["", 0.03],
        }},
        "email": {"agrees": 2, "levels": {
            "same": ["{l} = {r}", 0.6], "misspelt": [two_edits, 0.05], "differs": ["", 0.35],
        }},
        "phone": {"agrees": 2, "levels": {
            "same": ["{l} = {r}", 0.6], "one_edit": [one_edit, 0.1], "differs": ["", 0.3],
        }},
        "code": {"agrees": 3, "levels": {
            "same": ["{l} = {r}", 0.75], "one_edit": [one_edit, 0.08], "two_edits": [two_edits, 0.05],
            "same_start": ["left({l}, 3) = left({r}, 3)", 0.02], "differs": ["", 0.1],
        }},
        "address": {"agrees": 3, "levels": {
            "same": ["{l} = {r}", 0.6], "close": [close, 0.15], "similar": [similar, 0.1], "differs": ["", 0.15],
        }},
        "text": {"agrees": 3, "levels": {
            "same": ["{l} = {r}", 0.75], "close": [close, 0.05], "similar": [similar, 0.05], "differs": ["", 0.15],
        }},
        "exact": {"agrees": 1, "levels": {"same": ["{l} = {r}", 0.93], "differs": ["", 0.07]}},
    }) %}
{% endmacro %}


{#-
    Which pairs are looked at: those that agree in all columns of a rule. A project changes them with the variable
    personalize_match_rules, a dictionary by id. first_name:3 means its first three letters.
-#}
{% macro default_match_rules() %}
    {% do return({
        "email": {"columns": ["email"]},
        "phone": {"columns": ["phone"]},
        "first_name_and_birth_date": {"columns": ["first_name", "birth_date"]},
        "last_name_and_birth_date": {"columns": ["last_name", "birth_date"]},
        "first_name_and_postal_code": {"columns": ["first_name", "postal_code"]},
        "last_name_and_postal_code": {"columns": ["last_name", "postal_code"]},
        "birth_date_and_city": {"columns": ["birth_date", "city"]},
        "birth_date_and_postal_code": {"columns": ["birth_date", "postal_code"]},
        "full_name": {"columns": ["first_name", "last_name"]},
        "last_name_and_city": {"columns": ["last_name", "city"]},
        "first_name_and_city": {"columns": ["first_name", "city"]},
        "postal_code_and_city": {"columns": ["postal_code", "city"]},
        "address_and_postal_code": {"columns": ["address", "postal_code"]},
        "address_and_last_name": {"columns": ["address", "last_name"]},
        "address_and_first_name": {"columns": ["address", "first_name"]},
        "address_and_city": {"columns": ["address", "city"]},
    }) %}
{% endmacro %}


{#- {id: {column, kind, swapped, levels: {name: condition in SQL over l.<id> and r.<id>}, agrees}}, checked. -#}
{% macro match_comparisons() %}
    {% set declared = personalize.declarations(
        "match comparison", "personalize_match_comparisons", personalize.default_match_comparisons(),
        {"column": true, "kind": true, "swapped": false, "is_personal": false}
    ) %}
    {% set kinds = personalize.match_kinds() %}
    {% set columns = personalize.input_contract().customers.columns %}
    {% set compiled = {} %}
    {% for id, comparison in declared.items() %}
        {% set owner = "match comparison " ~ id %}
        {% if comparison.kind not in kinds %}
            {% do personalize.refuse(owner, "has the unknown kind '" ~ comparison.kind ~ "'" ~ personalize.hint(comparison.kind, kinds)) %}
        {% elif comparison.column not in columns %}
            {% do personalize.refuse(
                owner, "compares the unknown column '" ~ comparison.column ~ "'" ~ personalize.hint(comparison.column, columns)
            ) %}
        {% endif %}
        {% set swapped = comparison.get("swapped") %}
        {% set swapped = swapped if swapped in declared else none %}
        {% set levels = {} %}
        {% for level, rule in kinds[comparison.kind].levels.items() %}
            {% if level != "swapped" or swapped %}
                {% set condition = rule[0] | replace("{l_root}", "l." ~ id ~ "_root") | replace("{r_root}", "r." ~ id ~ "_root")
                    | replace("{l_other}", "l." ~ (swapped or id)) | replace("{r_other}", "r." ~ (swapped or id))
                    | replace("{l}", "l." ~ id) | replace("{r}", "r." ~ id) %}
                {% do levels.update({level: [condition, rule[1]]}) %}
            {% endif %}
        {% endfor %}
        {% set lost = kinds[comparison.kind].levels | length - levels | length %}
        {% do compiled.update({id: {
            "column": comparison.column, "kind": comparison.kind, "levels": levels,
            "agrees": kinds[comparison.kind].agrees - lost, "is_personal": comparison.get("is_personal", false),
        }}) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#-
    {id: {key, left_key, right_key: SQL over match records, plain or as l and r, columns: [comparison id]}}, checked;
    rules over columns that nobody compares fall away.
-#}
{% macro match_rules() %}
    {% set comparisons = personalize.match_comparisons() %}
    {% set declared = personalize.declarations(
        "match rule", "personalize_match_rules", personalize.default_match_rules(), {"columns": true}
    ) %}
    {% set compiled = {} %}
    {% for id, rule in declared.items() %}
        {% set owner = "match rule " ~ id %}
        {% if rule.columns is string or rule.columns is not iterable or not rule.columns %}
            {% do personalize.refuse(owner, "has columns that are not a list") %}
        {% endif %}
        {% set parts, left_parts, right_parts, columns = [], [], [], [] %}
        {% for column in rule.columns %}
            {% set name, letters = (column.split(":") + [""])[:2] %}
            {% if name not in comparisons and id not in personalize.default_match_rules() %}
                {% do personalize.refuse(owner, "has the unknown column '" ~ name ~ "'" ~ personalize.hint(name, comparisons)) %}
            {% endif %}
            {% if name in comparisons %}
                {% do columns.append(name) %}
                {% set form = "left({}" ~ name ~ ", " ~ (letters | int) ~ ")" if letters else "{}" ~ name %}
                {% do parts.append(form.replace("{}", "")) %}
                {% do left_parts.append(form.replace("{}", "l.")) %}
                {% do right_parts.append(form.replace("{}", "r.")) %}
            {% endif %}
        {% endfor %}
        {% if parts | length == rule.columns | length %}
            {% do compiled.update({id: {
                "key": parts | join(" || '|' || "), "columns": columns,
                "left_key": left_parts | join(" || '|' || "), "right_key": right_parts | join(" || '|' || "),
            }}) %}
        {% endif %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{#- The value that is compared, in its normal form, from the columns of customers. -#}
{% macro match_value(comparison) -%}
    {%- set column = comparison.column -%}
    {%- if comparison.kind in ("name", "text", "exact") -%}{{ personalize.normalized_name(column) }}
    {%- elif comparison.kind == "address" -%}{{ personalize.normalized_address(column) }}
    {%- elif comparison.kind == "code" -%}{{ personalize.normalized_code(column) }}
    {%- elif comparison.kind == "phone" -%}{{ personalize.normalized_phone(column) }}
    {%- elif comparison.kind == "date" and column == "birth_date" -%}
    {{ personalize.normalized_code("coalesce(cast(birth_date as varchar), birth_date_as_written)") }}
    {%- elif comparison.kind == "date" -%}{{ personalize.normalized_code(column) }}
    {%- else -%}lower({{ column }})
    {%- endif -%}
{%- endmacro %}


{#- Columns of the input customers beyond the contract, as text: a project names them to compare them. -#}
{% macro customer_columns() %}
    {% set names = var("personalize_customer_columns", []) or [] %}
    {% for name in names if names is string or not modules.re.match("^[a-z][a-z0-9_]{0,62}$", name | string) %}
        {% do personalize.refuse(
            "personalize_customer_columns", "must be a list of names of lower-case letters, digits and underscores"
        ) %}
    {% endfor %}
    {% do return(names) %}
{% endmacro %}
