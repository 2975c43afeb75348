{#-
    Declarations are dictionaries by id: the package's defaults, then what a project says under the variable of that name.
    A project adds an id, changes some keys of one, or takes one away with null.
    keys: {key: is_required}. merged_keys: keys that hold a dictionary of which a project may change one entry, and with a *
    after the key one key of an entry.
    Gives {id: declaration}, complete and with known keys only.
-#}
{% macro declarations(kind, variable, defaults, keys, merged_keys=[]) %}
    {% set given = var(variable, {}) or {} %}
    {% if given is not mapping %}
        {% do personalize.refuse(variable, "must be a dictionary by id") %}
    {% endif %}
    {% set declared = {} %}
    {% for id, default in defaults.items() %}
        {% set change = given.get(id, {}) %}
        {% if change is not none %}
            {% do personalize.check_declaration(kind ~ " " ~ id, change, {}) %}
            {% do declared.update({id: personalize.merged(default, change, merged_keys)}) %}
        {% endif %}
    {% endfor %}
    {% for id, declaration in given.items() if id not in defaults %}
        {% set owner = kind ~ " " ~ id %}
        {% if not modules.re.match("^[a-z][a-z0-9_]{0,62}$", id | string) %}
            {% do personalize.refuse(owner, "needs an id of lower-case letters, digits and underscores") %}
        {% elif declaration is none %}
            {% do personalize.refuse(owner, "is taken away but does not exist" ~ personalize.hint(id, defaults)) %}
        {% endif %}
        {% do personalize.check_declaration(owner, declaration, {}) %}
        {% do declared.update({id: declaration}) %}
    {% endfor %}
    {% for id, declaration in declared.items() %}
        {% do personalize.check_declaration(kind ~ " " ~ id, declaration, keys, defaults if id not in defaults else {}) %}
    {% endfor %}
    {% do return(declared) %}
{% endmacro %}


{#- One declaration's keys are known and complete; with no keys given, only its form is looked at. -#}
{% macro check_declaration(owner, declaration, keys, similar={}) %}
    {% if declaration is not mapping %}
        {% do personalize.refuse(owner, "must be a dictionary") %}
    {% endif %}
    {% for key in declaration if keys and key not in keys %}
        {% do personalize.refuse(owner, "has the unknown key '" ~ key ~ "'" ~ personalize.hint(key, keys)) %}
    {% endfor %}
    {% for key, is_required in keys.items() if is_required and declaration.get(key) is none %}
        {% do personalize.refuse_without(owner, key, similar) %}
    {% endfor %}
{% endmacro %}


{#- The refusal of a declaration that lacks a key; its id may be a default's that was spelt wrong. -#}
{% macro refuse_without(owner, key, similar) %}
    {% set near = personalize.nearest(owner.split(" ")[-1], similar) %}
    {% do personalize.refuse(
        owner, "has no '" ~ key ~ "'" ~ ("; to change a default, did you mean '" ~ near ~ "'?" if near else "")
    ) %}
{% endmacro %}


{#- The default with a project's keys over it; a key changed to null is gone. -#}
{% macro merged(default, change, merged_keys=[]) %}
    {% set result = {} %}
    {% for key, value in default.items() if key not in change %}
        {% do result.update({key: value}) %}
    {% endfor %}
    {% for key, value in change.items() if value is not none %}
        {% set within = key in merged_keys and value is mapping and default.get(key) is mapping %}
        {% set deeper = value.keys() | list if within and key ~ "*" in merged_keys else [] %}
        {% do result.update({key: personalize.merged(default[key], value, deeper) if within else value}) %}
    {% endfor %}
    {% do return(result) %}
{% endmacro %}


{#- Stops the run, before anything is built, with one sentence that names the thing. -#}
{% macro refuse(owner, problem) %}
    {% do exceptions.raise_compiler_error(
        "personalize: " ~ owner ~ " " ~ problem ~ ("" if problem[-1:] in "?." else ".")
    ) %}
{% endmacro %}


{#- '; did you mean …?' where a known name is close, else the known names. -#}
{% macro hint(name, known) %}
    {% set near = personalize.nearest(name | string, known) %}
    {% if near %}
        {% do return("; did you mean '" ~ near ~ "'?") %}
    {% endif %}
    {% do return("; known: " ~ (known | list | join(", "))) %}
{% endmacro %}


{#- The known name closest to a misspelt one; none where nothing is close. -#}
{% macro nearest(name, known) %}
    {% set best = namespace(name=none, distance=[2, name | length // 3] | max + 1) %}
    {% for candidate in known %}
        {% set distance = personalize.edit_distance(name | lower, candidate | lower) %}
        {% if distance < best.distance %}
            {% set best.name = candidate %}
            {% set best.distance = distance %}
        {% endif %}
    {% endfor %}
    {% do return(best.name) %}
{% endmacro %}


{#- Levenshtein distance. -#}
{% macro edit_distance(left, right) %}
    {% set previous = namespace(row=range(right | length + 1) | list) %}
    {% for i in range(left | length) %}
        {% set row = [i + 1] %}
        {% for j in range(right | length) %}
            {% do row.append([
                row[j] + 1,
                previous.row[j + 1] + 1,
                previous.row[j] + (0 if left[i] == right[j] else 1),
            ] | min) %}
        {% endfor %}
        {% set previous.row = row %}
    {% endfor %}
    {% do return(previous.row[-1]) %}
{% endmacro %}
