{#-
    The tokens a text may hold in single braces.
      about   person: may be unknown, so the text must give a fallback, as in {first_name|there}
              product: the block's product; evidence: the product a reason speaks of; shop: known while building
      setting the setting a token about the shop stands for
-#}
{% macro tokens() %}
    {% do return({
        "first_name": {"about": "person"},
        "product_title": {"about": "product"},
        "price": {"about": "product"},
        "evidence_title": {"about": "evidence"},
        "shop_name": {"about": "shop", "setting": "shop_name"},
        "shop_url": {"about": "shop", "setting": "shop_url"},
    }) %}
{% endmacro %}
