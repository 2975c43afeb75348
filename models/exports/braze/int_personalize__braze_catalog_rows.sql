{{ config(enabled=personalize.has_esp("braze")) }}

{%- set texts = ["title", "description", "brand", "category", "currency", "url", "image_url"] %}
{%- set pairs = {
    "price": "cast(price as double)",
    "price_text": personalize.price_with_currency("price", "currency"),
    "is_available": "is_available",
} %}
{%- for locale in personalize.locales() if locale != personalize.setting("default_locale") %}
{%- set price_text = personalize.price_with_currency("price", "currency", locale) %}
{%- do pairs.update({"price_text_" ~ locale: price_text}) %}
{%- endfor %}
{%- for field in texts %}{% do pairs.update({field: field}) %}{% endfor %}
-- grain: one row per product, as Braze would read it, with what its limits are measured by
with

payloads as (

    select
        product_id,
        {{ personalize.catalog_id("product_id") }} as id,
        {{ personalize.json_object_text(pairs) }} as payload,
        greatest(
            {%- for field in texts %}
            coalesce(length({{ field }}), 0){{ "," if not loop.last }}
            {%- endfor %}
        ) as value_characters
    from {{ ref("int_personalize__current_products") }}

)

select
    id,
    product_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash,
    value_characters,
    false as deleted,
    {{ pairs | length }} as fields
from payloads
