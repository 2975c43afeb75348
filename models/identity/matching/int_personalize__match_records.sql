{{
    config(
        enabled=personalize.setting("match_likely_pairs"),
        **personalize.kept_table("stg_personalize__customers")
    )
}}

{%- set comparisons = personalize.match_comparisons() %}
-- depends_on: {{ ref("int_personalize__blocked_identifiers") }}
-- depends_on: {{ ref("personalize_nicknames") }}
-- grain: one row per customer account, with the values it is compared by in their normal form
-- a record whose content is that of the last run is taken from there
with

{{ personalize.match_reference() }},

customers as (

    select
        {{ personalize.account_of("customers") }} as account,
        {%- for column in personalize.match_columns() %}
        customers.{{ column }},
        {%- endfor %}
        md5({{ personalize.match_content(comparisons) }} || reference.digest) as content_hash
    from {{ ref("stg_personalize__customers") }} as customers
    cross join reference
    where customers.is_current

),

{% if is_incremental() -%}
kept as (

    select known.*
    from {{ this }} as known
    inner join customers
        on known.account = customers.account
        and known.content_hash = customers.content_hash

),

places as (

    select
        known.account,
        known.place,
        max(known.place) over () as last_place
    from {{ this }} as known

),

new_customers as (

    select customers.*
    from customers
    left join kept
        on customers.account = kept.account
    where kept.account is null

),

{% endif -%}
normalized as (

    select
        account,
        content_hash,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.match_value(comparison) }} as {{ id }},
        {%- endfor %}
        birth_date as birth_day
    from {{ "new_customers" if is_incremental() else "customers" }}

),

sayings as (

    select
        normalized.account,
        {%- for id, comparison in comparisons.items() %}
        {{ personalize.unblocked_value(id, comparison) }} as {{ id }},
        {%- endfor %}
        normalized.content_hash
    from normalized
    {{ personalize.blocked_value_joins(comparisons) }}

),

fresh as (

    select
        sayings.account,
        {%- if is_incremental() %}
        coalesce(
            places.place,
            coalesce((select max(known.last_place) from places as known), 0)
            + row_number() over (partition by places.account is null order by sayings.account)
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
    {%- if is_incremental() %}
    left join places
        on sayings.account = places.account
    {%- endif %}

)

select
    account,
    place,
    draw,
    {%- for id, comparison in comparisons.items() %}
    {%- if comparison.kind == "name" %}
    {{ id }}_root,
    {%- endif %}
    {{ id }},
    {%- endfor %}
    content_hash
from fresh
{%- if is_incremental() %}
union all
select
    account,
    place,
    draw,
    {%- for id, comparison in comparisons.items() %}
    {%- if comparison.kind == "name" %}
    {{ id }}_root,
    {%- endif %}
    {{ id }},
    {%- endfor %}
    content_hash
from kept
{%- endif %}
