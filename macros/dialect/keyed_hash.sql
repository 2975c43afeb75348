{#-
    A keyed SHA-256 of text: the pseudonym that outlives an erasure. The key is read from the environment variable
    PERSONALIZE_HASH_KEY; another key makes another set of pseudonyms, so it must stay the same for a database.
-#}
{% macro keyed_hash(text) -%}
    {{ personalize.sha256_hex("'" ~ env_var("PERSONALIZE_HASH_KEY", "personalize-demo-key") ~ ":' || " ~ text) }}
{%- endmacro %}
