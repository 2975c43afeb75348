{{ config(enabled=personalize.setting("match_likely_pairs")) }}

{%- set comparisons = personalize.match_comparisons() %}
{%- set blockable = ["email", "phone", "first_name", "birth_date"] %}
-- depends_on: {{ ref("int_personalize__blocked_identifiers") }}
-- depends_on: {{ ref("personalize_nicknames") }}
-- grain: one row per customer account, with the values it is compared by in their normal form,
-- and its place in a random order
with

normalized as (

    select
        {{ personalize.account_of() }} as account,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_value(comparison) }} as {{ id }},
        {%- endfor %}
        birth_date as birth_day
    from {{ ref("stg_personalize__customers") }}
    where is_current

),

sayings as (

    select
        normalized.account,
        {%- for id, comparison in comparisons.items() %}
        {%- if comparison.column in blockable %}
        case when blocked_{{ id }}.identifier is null then normalized.{{ id }} end as {{ id }},
        {%- else %}
        normalized.{{ id }},
        {%- endif %}
        {%- endfor %}
        row_number() over (order by md5('seed:' || normalized.account), normalized.account) as place
    from normalized
    {{ personalize.blocked_value_joins(comparisons, blockable) }}

)

select
    sayings.account,
    sayings.place,
    {%- for id, comparison in comparisons.items() %}
    sayings.{{ id }},
    {%- if comparison.kind == "name" %}
    coalesce(nicknames_{{ id }}.name, sayings.{{ id }}) as {{ id }}_root,
    {%- endif %}
    {%- if comparison.kind == "exact" %}
    cast(null as double) as {{ id }}_share,
    {%- else %}
    count(*) over (partition by sayings.{{ id }})
    / nullif(cast(count(sayings.{{ id }}) over () as double), 0) as {{ id }}_share,
    {%- endif %}
    {%- endfor %}
    count(*) over () as records
from sayings
{{ personalize.nickname_joins(comparisons) }}
