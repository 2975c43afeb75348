{{ config(enabled=personalize.has_esp("klaviyo")) }}

{%- set metadata = {
    "brand": "coalesce(brand, '')",
    "category": "coalesce(category, '')",
    "subcategory": "coalesce(subcategory, '')",
    "currency": "coalesce(currency, '')",
    "price_text": personalize.price_with_currency("price", "currency"),
} %}
-- grain: one row per product, as a resource of Klaviyo's catalog item jobs
with

payloads as (

    select
        '$custom:::$default:::' || {{ personalize.catalog_id("product_id") }} as id,
        product_id,
        {{ personalize.json_object_text({
            "type": "'catalog-item'",
            "attributes": personalize.nested({
                "external_id": personalize.catalog_id("product_id"),
                "integration_type": "'$custom'",
                "catalog_type": "'$default'",
                "title": "title",
                "description": "coalesce(description, title)",
                "url": "coalesce(url, " ~ personalize.text_literal(personalize.shop_link()) ~ ")",
                "price": "cast(price as double)",
                "image_full_url": "coalesce(image_url, '')",
                "published": "is_available",
                "custom_metadata": personalize.nested(metadata),
            }),
        }) }} as payload,
        {{ personalize.byte_length(personalize.json_object_text(metadata)) }} as metadata_bytes
    from {{ ref("int_personalize__current_products") }}

)

select
    id,
    product_id,
    payload,
    {{ personalize.sha256_hex("payload") }} as content_hash,
    metadata_bytes
from payloads
