{{
    config(
        enabled=personalize.setting("match_likely_pairs"),
        **personalize.kept_table("account", "content_hash is null")
    )
}}

{%- set comparisons = personalize.match_comparisons() %}
{%- set columns = personalize.match_columns() %}
-- depends_on: {{ ref("int_personalize__blocked_identifiers") }}
-- depends_on: {{ ref("personalize_nicknames") }}
-- grain: one row per customer account, with the values it is compared by in their normal form
-- brought into it are only those whose content is not that of the last run
with

{{ personalize.match_reference() }},

customers as (

    select
        {{ personalize.account_of() }} as account,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        {{ personalize.fingerprint(
            columns + [personalize.forms_fingerprint(), "reference.digest"]
        ) }} as content_hash
    from {{ ref("stg_personalize__customers") }} as customers
    cross join reference
    where customers.is_current

),

{{ personalize.moved_rows(
    "customers", this if is_incremental() else none, columns, {"place": "bigint"}
) }},

normalized as (

    select
        account,
        place,
        content_hash,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_value(comparison) }} as {{ id }},
        {%- endfor %}
        birth_date as birth_day
    from moved_rows

),

sayings as (

    select
        normalized.account,
        normalized.place,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.unblocked_value(id, comparison) }} as {{ id }},
        {%- endfor %}
        normalized.content_hash
    from normalized
    {{ personalize.blocked_value_joins(comparisons) }}

)

select
    sayings.account,
    {%- if is_incremental() %}
    coalesce(
        sayings.place,
        coalesce((select max(known.place) from {{ this }} as known), 0)
        + row_number() over (partition by sayings.place is null order by sayings.account)
    ) as place,
    {%- else %}
    row_number() over (order by sayings.account) as place,
    {%- endif %}
    {{ personalize.unit_hash("'seed:' || sayings.account") }} as draw,
    {%- for id, comparison in comparisons.items() %}
    {%- if comparison.kind == "name" %}
    coalesce(nicknames_{{ id }}.name, sayings.{{ id }}) as {{ id }}_root,
    {%- endif %}
    sayings.{{ id }},
    {%- endfor %}
    sayings.content_hash
from sayings
{{ personalize.nickname_joins(comparisons) }}
