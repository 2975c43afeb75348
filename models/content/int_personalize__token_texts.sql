{%- set tokens = personalize.tokens_in_use() %}
{%- set types = tokens.values() | map(attribute="type") | list %}
{%- set facts = tokens.values() | map(attribute="fact") | list %}
-- depends_on: {{ ref("int_personalize__discreet_slots") }}
-- depends_on: {{ ref("int_personalize__current_products") }}
-- depends_on: {{ ref("int_personalize__sensitive_products") }}
-- grain: one row per mailable profile; one column per token about facts that a block speaks of, as
-- the reader's language writes it, null where it is not known or would tell something sensitive
with

{% if "list" in types -%}
shown as (

    select
        slots.profile_id,
        {{ personalize.shortened(personalize.plain_text("products.title"), 60) }} as title,
        row_number() over (partition by slots.profile_id order by slots.slot, slots.position)
            as place
    from {{ ref("int_personalize__discreet_slots") }} as slots
    inner join {{ ref("int_personalize__current_products") }} as products
        on slots.product_id = products.product_id
    where not slots.is_sensitive

),

titles as (

    select
        profile_id,
        max(case when place = 1 then title end) as title_1,
        max(case when place = 2 then title end) as title_2,
        max(case when place = 3 then title end) as title_3
    from shown
    group by profile_id

),

{% endif %}
{%- if "favourite_category" in facts or "favourite_brand" in facts -%}
sensitive_words as (

    {{ personalize.sensitive_words() | indent(4) }}

),

{% endif %}
facts as (

    select *
    from {{ ref("int_personalize__decision_facts") }}
    where can_personalize

)

select
    {{ personalize.token_columns(tokens) }}
    readers.profile_id
from {{ ref("int_personalize__mailable_profiles") }} as readers
left join facts
    on readers.profile_id = facts.profile_id
{%- if "list" in types %}
left join titles
    on readers.profile_id = titles.profile_id
{%- endif %}
{{ personalize.token_secrets(tokens) }}
