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


{#- Columns that placeholders (int_personalize__blocked_identifiers) may stand in. -#}
{% macro blockable_columns() %}{% do return(["email", "phone", "first_name", "birth_date"]) %}{% endmacro %}


{#- Joins of `normalized` records with the values that tell nobody from anybody, one per comparison that may hold one. -#}
{% macro blocked_value_joins(comparisons) -%}
    {%- for id, comparison in comparisons.items() if comparison.column in personalize.blockable_columns() %}
    left join {{ ref("personalize", "int_personalize__blocked_identifiers") }} as blocked_{{ id }}
        on blocked_{{ id }}.identifier_type = '{{ comparison.column }}'
        {%- if comparison.column == "birth_date" %}
        and cast(normalized.birth_day as varchar) = blocked_{{ id }}.identifier
        {%- else %}
        and normalized.{{ id }} = blocked_{{ id }}.identifier
        {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#- The value of a comparison, null where those joins found a placeholder. -#}
{% macro unblocked_value(id, comparison) -%}
    {%- if comparison.column in personalize.blockable_columns() -%}
    case when blocked_{{ id }}.identifier is null then normalized.{{ id }} end
    {%- else -%}
    normalized.{{ id }}
    {%- endif -%}
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
            + round(ln(weights.{{ id }}_u / coalesce(sides.{{ id }}_share, weights.{{ id }}_u)) / ln(2), 6)
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


{#- The columns of customers that are read for matching. -#}
{% macro match_columns() %}
    {% set columns = ["birth_date", "birth_date_as_written"] %}
    {% for comparison in personalize.match_comparisons().values() if comparison.column not in columns %}
        {% do columns.append(comparison.column) %}
    {% endfor %}
    {% do return(columns) %}
{% endmacro %}


{#- How customers' values are brought into their normal form, as a digest of the SQL. -#}
{% macro forms_fingerprint() -%}
    {%- set forms = [] -%}
    {%- for id, comparison in personalize.match_comparisons().items() -%}
    {%- do forms.append(id ~ personalize.match_value(comparison)) -%}
    {%- endfor -%}
    '{{ local_md5(forms | join) }}'
{%- endmacro %}


{#- The CTE `reference`: one row that is another one when placeholders, or also nicknames, were edited. -#}
{% macro match_reference(has_nicknames=true) -%}
reference_lines as (

    select {{ personalize.unit_hash("identifier_type || '|' || identifier") }} as line
    from {{ ref("personalize", "int_personalize__blocked_identifiers") }}
    {%- if has_nicknames %}
    union all
    select {{ personalize.unit_hash("nickname || '|' || name") }} as line
    from {{ ref("personalize", "personalize_nicknames") }}
    {%- endif %}

),

reference as (

    select coalesce(cast(sum(cast(floor(line * 1000000000) as bigint)) as varchar), '') as digest
    from reference_lines

)
{%- endmacro %}


{#- How pairs are found and weighed, as a digest of the SQL: parameters learnt with another one are of no use. -#}
{% macro match_fingerprint() -%}
    {%- set caps = [
        personalize.setting("match_max_records_per_block"), personalize.setting("match_max_pairs_per_record"),
        personalize.setting("match_sample_pairs"), personalize.setting("match_training_pairs"),
    ] -%}
    '{{ local_md5(tojson([personalize.match_comparisons(), personalize.match_rules(), caps])) }}'
{%- endmacro %}


{#- One row per rule and record that says something in all its columns: rule_id, block_key and the columns named. -#}
{% macro block_keys(records, columns) -%}
    {%- for id, rule in personalize.match_rules().items() %}
    select
        '{{ id }}' as rule_id,
        {{ rule.key }} as block_key,
        {{ columns | join(",\n        ") }}
    from {{ records }}
    where {{ rule.key }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- One row per scored pair and rule in whose columns both still say the same. -#}
{% macro shared_keys(pairs, records) -%}
    {%- for id, rule in personalize.match_rules().items() %}
    select
        pairs.left_account,
        pairs.right_account,
        '{{ id }}' as rule_id,
        {{ rule.left_key }} as block_key
    from {{ pairs }} as pairs
    inner join {{ records }} as l
        on pairs.left_account = l.account
    inner join {{ records }} as r
        on pairs.right_account = r.account
    where {{ rule.left_key }} = {{ rule.right_key }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- One row: the weight of every level as a column <comparison>_<level>, the chance of the best one as <comparison>_u. -#}
{% macro weights_in_a_row() -%}
select
    max(case when comparison = '' then weight end) as start_weight,
    {%- for id, comparison in personalize.match_comparisons().items() %}
    {%- for level in comparison.levels %}
    max(case when comparison = '{{ id }}' and level_number = {{ loop.index0 }} then weight end)
        as {{ id }}_{{ loop.index0 }},
    {%- endfor %}
    max(case when comparison = '{{ id }}' and level_number = 0 then u end) as {{ id }}_u,
    {%- endfor %}
    sum(cast(round(weight * 1000000) as bigint)) as checksum
from {{ ref("personalize", "int_personalize__match_weights") }}
{%- endmacro %}


{#- Joins of `records_now` with how frequent their values are, one per comparison that weighs it. -#}
{% macro frequency_joins(comparisons) -%}
    {%- for id, comparison in comparisons.items() if comparison.kind != "exact" %}
    left join {{ ref("personalize", "int_personalize__match_frequencies") }} as {{ id }}_frequencies
        on {{ id }}_frequencies.comparison = '{{ id }}'
        and records_now.{{ id }} = {{ id }}_frequencies.said
    left join {{ ref("personalize", "int_personalize__match_frequencies") }} as {{ id }}_rarities
        on {{ id }}_rarities.comparison = '{{ id }}'
        and {{ id }}_rarities.said = ''
    {%- endfor %}
{%- endmacro %}
