{%- set tokens = personalize.tokens_in_use() %}
-- grain: one row per mailable profile; one column per token about facts that a block speaks of, as
-- the reader's language writes it, null where it is not known or would tell something sensitive
with

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

sensitive_words as (

    select products.category as word
    from {{ ref("int_personalize__sensitive_products") }} as sensitive
    inner join {{ ref("int_personalize__current_products") }} as products
        on sensitive.product_id = products.product_id
    where products.category is not null
    union
    select products.brand as word
    from {{ ref("int_personalize__sensitive_products") }} as sensitive
    inner join {{ ref("int_personalize__current_products") }} as products
        on sensitive.product_id = products.product_id
    where products.brand is not null

)

select
    {{ personalize.token_columns(tokens) }}
    readers.profile_id
from {{ ref("int_personalize__mailable_profiles") }} as readers
left join {{ ref("int_personalize__decision_facts") }} as facts
    on readers.profile_id = facts.profile_id
    and facts.can_personalize
left join titles
    on readers.profile_id = titles.profile_id
{{ personalize.token_secrets(tokens) }}
