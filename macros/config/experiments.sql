{#-
    Experiments: who sees what. A project changes them with the variable personalize_experiments, a dictionary by id.
      description  what is asked
      variations   {id: share}; the shares sum to 1
      baseline     the variation the others are compared with (without: the first)
      starts_at    UTC; nobody is assigned before it (without: at once)
      ends_at      UTC; nobody is assigned from then on
      enabled      false: nobody new is assigned, and the content shows what everybody sees
      blocks       {variation: {slot: block}}: what a variation shows instead
    global_holdout is the group that gets no mail at all; the variable holdout_share sets its size.
-#}
{% macro default_experiments() %}
    {% set experiments = {} %}
    {% set share = personalize.setting("holdout_share") %}
    {% if share is not number or share is boolean or share < 0 or share >= 1 %}
        {% do personalize.refuse("holdout_share", "is '" ~ share ~ "'; it must be a number from 0 to below 1") %}
    {% elif share > 0 %}
        {% do experiments.update({"global_holdout": {
            "description": "What all personalized e-mail is worth: a group that gets none",
            "variations": {"held_out": share, "mailed": (1 - share) | round(9)},
        }}) %}
    {% endif %}
    {% if target.profile_name == "personalize_demo" %}
        {% do experiments.update({"hero_tone": {
            "description": "Whether a warm or a plain headline sells more",
            "variations": {"friendly": 0.5, "factual": 0.5},
            "blocks": {"factual": {"hero": "hero_recommended_factual"}},
        }}) %}
    {% endif %}
    {% do return(experiments) %}
{% endmacro %}


{#-
    {id: {description, variations: {id: share}, baseline, starts_at, ends_at, enabled, blocks}}, checked. starts_at and
    ends_at are plain timestamps or none.
-#}
{% macro experiments() %}
    {% if (var("personalize_experiments", {}) or {}).get("global_holdout") is not none %}
        {% do personalize.refuse("experiment global_holdout", "is set by the variable holdout_share") %}
    {% endif %}
    {% set defaults = personalize.default_experiments() %}
    {% set declared = personalize.declarations("experiment", "personalize_experiments", defaults, {
        "description": false, "variations": true, "baseline": false, "starts_at": false, "ends_at": false,
        "enabled": false, "blocks": false,
    }) %}
    {% set checked = {} %}
    {% for id, experiment in declared.items() %}
        {% set owner = "experiment " ~ id %}
        {% do personalize.check_variations(owner, experiment.variations) %}
        {% set baseline = experiment.get("baseline", experiment.variations.keys() | first) %}
        {% set starts_at = personalize.experiment_time(owner, "starts_at", experiment) %}
        {% set ends_at = personalize.experiment_time(owner, "ends_at", experiment) %}
        {% set enabled = experiment.get("enabled", true) %}
        {% if enabled is not boolean %}
            {% do personalize.refuse(owner, "has the value '" ~ enabled ~ "' for enabled; it must be true or false") %}
        {% elif baseline not in experiment.variations %}
            {% do personalize.refuse(
                owner, "has the unknown baseline '" ~ baseline ~ "'" ~ personalize.hint(baseline, experiment.variations)
            ) %}
        {% elif starts_at is not none and ends_at is not none and starts_at >= ends_at %}
            {% do personalize.refuse(owner, "ends at " ~ ends_at ~ ", which is not after its start " ~ starts_at) %}
        {% endif %}
        {% set blocks = experiment.get("blocks", {}) %}
        {% do personalize.check_variation_blocks(owner, experiment.variations, blocks) %}
        {% do checked.update({id: {
            "description": experiment.get("description", ""),
            "variations": experiment.variations,
            "baseline": baseline,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "enabled": enabled,
            "blocks": blocks,
        }}) %}
    {% endfor %}
    {% do return(checked) %}
{% endmacro %}


{#- At least two variations with ids that can travel through any ESP, and shares that sum to 1. -#}
{% macro check_variations(owner, variations) %}
    {% if variations is not mapping or variations | length < 2 %}
        {% do personalize.refuse(owner, "must have at least two variations, as {id: share}") %}
    {% endif %}
    {% set sum = namespace(shares=0) %}
    {% for variation, share in variations.items() %}
        {% if not modules.re.match("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", variation | string) %}
            {% do personalize.refuse(owner, "has the variation '" ~ variation ~ "'; use letters, digits, _ . and -") %}
        {% elif share is not number or share is boolean or share < 0 or share > 1 %}
            {% do personalize.refuse(
                owner, "gives the variation " ~ variation ~ " the share '" ~ share ~ "'; it must be a number from 0 to 1"
            ) %}
        {% endif %}
        {% set sum.shares = sum.shares + share %}
    {% endfor %}
    {% if (sum.shares - 1) | abs > 0.000001 %}
        {% do personalize.refuse(owner, "has shares that sum to " ~ sum.shares | round(6) ~ " instead of 1") %}
    {% endif %}
{% endmacro %}


{% macro experiment_time(owner, key, experiment) %}
    {% set value = experiment.get(key) %}
    {% if value is none %}{% do return(none) %}{% endif %}
    {% do return(personalize.plain_timestamp(owner ~ ", " ~ key ~ ",", value | string)) %}
{% endmacro %}


{#- {variation: {slot: block}} names variations of the experiment; the block library checks slots and blocks. -#}
{% macro check_variation_blocks(owner, variations, blocks) %}
    {% if blocks is not mapping %}
        {% do personalize.refuse(owner, "has blocks that are not a dictionary by variation") %}
    {% endif %}
    {% for variation, slots in blocks.items() %}
        {% if variation not in variations %}
            {% do personalize.refuse(
                owner, "has blocks for the unknown variation '" ~ variation ~ "'" ~ personalize.hint(variation, variations)
            ) %}
        {% elif slots is not mapping %}
            {% do personalize.refuse(owner, "has blocks for " ~ variation ~ " that are not a dictionary by slot") %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{% macro timestamp_or_null(value) -%}
    cast({{ "'" ~ value ~ "'" if value is not none else "null" }} as timestamp)
{%- endmacro %}
