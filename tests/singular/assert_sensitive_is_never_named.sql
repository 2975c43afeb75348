-- No trigger hangs on a sensitive product, no reason speaks of one, no subject names one, and no
-- e-mail tells more about its reader than max_personal_facts.
with

sensitive as (

    select
        products.product_id,
        products.title
    from {{ ref("int_personalize__sensitive_products") }} as terms
    inner join {{ ref("int_personalize__current_products") }} as products
        on terms.product_id = products.product_id

),

-- What a product is called that is not sensitive may be said.
ordinary_titles as (

    select distinct products.title
    from {{ ref("int_personalize__current_products") }} as products
    left join sensitive
        on products.product_id = sensitive.product_id
    where sensitive.product_id is null

),

told as (

    select
        profile_id,
        count(*) as facts
    from {{ ref("personalize__content_blocks") }}
    where reason_code is not null
        and not {{ personalize.is_listed("reason_code", "impersonal_reasons") }}
    group by profile_id

)

select
    triggers.profile_id,
    'trigger' as place,
    triggers.product_id
from {{ ref("personalize__triggers") }} as triggers
inner join sensitive
    on triggers.product_id = sensitive.product_id
union all
select
    blocks.profile_id,
    'reason' as place,
    blocks.product_id
from {{ ref("personalize__content_blocks") }} as blocks
inner join sensitive
    on blocks.product_id = sensitive.product_id
where coalesce(blocks.reason_code, 'recommended') <> 'recommended'
union all
select
    blocks.profile_id,
    'subject or reason' as place,
    sensitive.product_id
from {{ ref("personalize__content_blocks") }} as blocks
inner join sensitive
    on blocks.subject || ' ' || coalesce(blocks.reason_text, '') like '%' || sensitive.title || '%'
left join ordinary_titles
    on sensitive.title = ordinary_titles.title
where ordinary_titles.title is null
union all
select
    profile_id,
    'more than max_personal_facts' as place,
    cast(facts as varchar) as product_id
from told
where facts > {{ personalize.setting("max_personal_facts") }}
