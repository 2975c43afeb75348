{{ config(enabled=personalize.has_esp("iterable")) }}

{%- set fields = {
    "price": "cast(price as double)",
    "price_text": personalize.price_with_currency("price", "currency"),
    "is_available": "is_available",
} %}
{%- for field in ["title", "description", "brand", "category", "currency", "url", "image_url"] %}
{%- do fields.update({field: "coalesce(" ~ field ~ ", '')"}) %}
{%- endfor %}
-- grain: one row per product, as an item of an Iterable catalog
with

payloads as (

    select
        {{ personalize.catalog_id("product_id", "A-Za-z0-9-", "-") }} as item_id,
        product_id,
        {{ personalize.json_object_text(fields) }} as payload
    from {{ ref("int_personalize__current_products") }}

)

select
    item_id,
    product_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash
from payloads
