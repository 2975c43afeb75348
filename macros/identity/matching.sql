{#- The level of one comparison of the records l and r, from 0 (best) up; -1 where either says nothing. -#}
{% macro match_level(id, comparison) -%}
    case
        when l.{{ id }} is null or r.{{ id }} is null then -1
        {%- for level, rule in comparison.levels.items() %}
        {%- if loop.last %}
        else {{ loop.index0 }}
        {%- else %}
        when {{ rule[0] }} then {{ loop.index0 }}
        {%- endif %}
        {%- endfor %}
    end
{%- endmacro %}


{#-
    The levels of a pair as one text, comparison by comparison: 0|3|-1….
    rules: those of match_rules where the pair comes from one of them (rule_id): a rule's own columns, in which its
    pairs always agree, say nothing and are -1.
-#}
{% macro match_pattern(rules={}) -%}
    {%- for id in personalize.match_comparisons() -%}
    {%- set silent = [] -%}
    {%- for rule_id, rule in rules.items() if id in rule.columns -%}{%- do silent.append(rule_id) -%}{%- endfor -%}
    {%- if silent -%}
    case when rule_id in ('{{ silent | join("', '") }}') then '-1' else cast({{ id }}_level as varchar) end
    {%- else -%}
    cast({{ id }}_level as varchar)
    {%- endif -%}
    {{ " || '|' || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Whether a comparison that tells the members of a household apart agrees, from the levels in match scores. -#}
{% macro is_personally_alike() -%}
    {%- set alike = [] -%}
    {%- for id, comparison in personalize.match_comparisons().items() if comparison.is_personal -%}
        {%- do alike.append("scores." ~ id ~ "_level between 0 and " ~ (comparison.agrees - 1)) -%}
    {%- endfor -%}
    ({{ alike | join(" or ") if alike else "true" }})
{%- endmacro %}


{#-
    Whether a pair that shares a mailbox or phone, but not to the letter a first name and birth date, is one person all the
    same: the first names are spellings of one name, and no two birth dates speak against it.
-#}
{% macro is_surely_one_person() -%}
    {%- set comparisons = personalize.match_comparisons() -%}
    {{ "scores.first_name_level between 0 and 2" if "first_name" in comparisons else "false" }}
    {{- " and scores.birth_date_level <= 0" if "birth_date" in comparisons }}
{%- endmacro %}


{#- Joins of `normalized` records with the values that tell nobody from anybody, one per comparison that may hold one. -#}
{% macro blocked_value_joins(comparisons, blockable) -%}
    {%- for id, comparison in comparisons.items() if comparison.column in blockable %}
    left join {{ ref("personalize", "int_personalize__blocked_identifiers") }} as blocked_{{ id }}
        on blocked_{{ id }}.identifier_type = '{{ comparison.column }}'
        {%- if comparison.column == "birth_date" %}
        and cast(normalized.birth_day as varchar) = blocked_{{ id }}.identifier
        {%- else %}
        and normalized.{{ id }} = blocked_{{ id }}.identifier
        {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#- Joins of `sayings` with what a name is short for, one per comparison of names. -#}
{% macro nickname_joins(comparisons) -%}
    {%- for id, comparison in comparisons.items() if comparison.kind == "name" %}
    left join {{ ref("personalize", "personalize_nicknames") }} as nicknames_{{ id }}
        on sayings.{{ id }} = nicknames_{{ id }}.nickname
    {%- endfor %}
{%- endmacro %}


{#- What the level of a comparison weighs; where two say the same, by how rare it is (term frequency). -#}
{% macro level_weight(id, comparison) -%}
    case pairs.{{ id }}_level
        {%- for level in comparison.levels %}
        when {{ loop.index0 }} then weights.{{ id }}_{{ loop.index0 }}
        {%- if loop.first and comparison.kind != "exact" %}
            + round(ln(weights.{{ id }}_u / pairs.{{ id }}_share) / ln(2), 6)
        {%- endif %}
        {%- endfor %}
        else 0
    end
{%- endmacro %}


{#- The weight of a pair, comparison by comparison, for a reader. -#}
{% macro waterfall(comparisons) -%}
    'start ' || cast(cast(start_weight as decimal(9, 1)) as varchar)
    {%- for id, comparison in comparisons.items() %}
    || case {{ id }}_level
        {%- for level in comparison.levels %}
        when {{ loop.index0 }} then ', {{ id }} {{ level }} '
        {%- endfor %}
        else ''
    end
    || case
        when {{ id }}_level < 0 then ''
        when {{ id }}_weight >= 0 then '+' || cast(cast({{ id }}_weight as decimal(9, 1)) as varchar)
        else cast(cast({{ id }}_weight as decimal(9, 1)) as varchar)
    end
    {%- endfor %}
    || ', in all ' || cast(cast(match_weight as decimal(9, 1)) as varchar)
{%- endmacro %}
