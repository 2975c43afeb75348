{%- set shop_url = personalize.text_literal(personalize.shop_link()) %}
{%- set values = dict(
    personalize.token_values("locale"),
    first_name="first_name", product_title="short_title", price="price_text",
) -%}
{%- set discreet_title = "case when is_sensitive then shop_name else short_title end" -%}
{%- set discreet_values = dict(values, product_title=discreet_title) -%}
-- grain: one row per mailable profile, slot and position, with every token filled
with

products as (

    select
        product_id,
        coalesce({{ personalize.plain_text("title") }}, product_id) as title,
        coalesce(url, {{ shop_url }}) as url,
        image_url,
        price,
        currency
    from {{ ref("int_personalize__current_products") }}

),

joined as (

    select
        {{ personalize.token_names("tokens") | indent(4) }}
        filled.*,
        readers.locale,
        coalesce(readers.first_name, '') as first_name,
        products.title as product_title,
        coalesce({{ personalize.shortened("products.title", 100) }}, '') as short_title,
        {{ personalize.text_literal(personalize.setting("shop_name")) }} as shop_name,
        coalesce(products.url, {{ shop_url }}) as url,
        products.image_url,
        products.price,
        products.currency,
        coalesce(
            {{ personalize.price_text("products.price", "products.currency", "readers.locale") }},
            ''
        ) as price_text,
        library.subject,
        library.headline,
        library.body,
        library.call_to_action,
        coalesce({{ personalize.shortened("evidence.title", 100) }}, '') as evidence_title,
        case
            when filled.product_id is null then null
            when evidence.title is null
                then coalesce(reasons.text_without_evidence, any_reason.text_without_evidence)
            else coalesce(reasons.text_with_evidence, any_reason.text_with_evidence)
        end as reason_text
    from {{ ref("int_personalize__discreet_slots") }} as filled
    inner join {{ ref("int_personalize__mailable_profiles") }} as readers
        on filled.profile_id = readers.profile_id
    inner join {{ ref("int_personalize__block_library") }} as library
        on filled.block_id = library.block_id
        and readers.locale = library.locale
        and library.is_named = (readers.first_name is not null)
    inner join {{ ref("int_personalize__token_texts") }} as tokens
        on filled.profile_id = tokens.profile_id
    left join products
        on filled.product_id = products.product_id
    left join products as evidence
        on filled.evidence_product_id = evidence.product_id
    left join {{ ref("int_personalize__reason_texts") }} as reasons
        on filled.reason_code = reasons.reason_code
        and readers.locale = reasons.locale
    left join {{ ref("int_personalize__reason_texts") }} as any_reason
        on any_reason.reason_code = 'recommended'
        and readers.locale = any_reason.locale

)

select
    profile_id,
    slot,
    position,
    block_id,
    product_id,
    product_title,
    {{ personalize.rendered_text("subject", discreet_values) }} as subject,
    {{ personalize.rendered_text("headline", values) }} as headline,
    {{ personalize.rendered_text("body", values) }} as body,
    {{ personalize.rendered_text("call_to_action", values) }} as call_to_action,
    url,
    image_url,
    price,
    currency,
    price_text,
    case when product_id is not null then coalesce(reason_code, 'recommended') end as reason_code,
    replace(reason_text, '{evidence_title}', evidence_title) as reason_text,
    locale,
    rule_id,
    model_version,
    experiment_id,
    variation_id,
    fallback_depth
from joined
