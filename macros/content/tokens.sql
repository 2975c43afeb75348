{#- The declared tokens that blocks speak of, in the order of their names: {id: token}. -#}
{% macro tokens_in_use() %}
    {% set tokens, names = personalize.tokens(), [] %}
    {% for spoken in personalize.spoken_tokens().values() if spoken.token not in names %}
        {% do names.append(spoken.token) %}
    {% endfor %}
    {% set used = {} %}
    {% for name in names | sort %}{% do used.update({name: tokens[name]}) %}{% endfor %}
    {% do return(used) %}
{% endmacro %}


{#- Columns of int_personalize__token_texts, each followed by a comma. -#}
{% macro token_columns(tokens) -%}
    {%- for name, token in tokens.items() %}
    {%- if token.type == "list" %}
    {{ personalize.list_text(["titles.title_1", "titles.title_2", "titles.title_3"], "readers.locale") }} as {{ name }},
    {%- elif personalize.may_be_sensitive(token) %}
    case when {{ name }}_words.word is null then {{ personalize.token_text(token, "facts." ~ token.fact, "readers.locale") }} end as {{ name }},
    {%- else %}
    {{ personalize.token_text(token, "facts." ~ token.fact, "readers.locale") }} as {{ name }},
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#- Joins of int_personalize__token_texts that find a fact which would tell something sensitive. -#}
{% macro token_secrets(tokens) -%}
    {%- for name, token in tokens.items() if personalize.may_be_sensitive(token) %}
left join sensitive_words as {{ name }}_words
    on facts.{{ token.fact }} = {{ name }}_words.word
    {%- endfor %}
{%- endmacro %}


{#- The categories and brands that hold a sensitive product. -#}
{% macro sensitive_words() -%}
    {%- for column in ["category", "brand"] -%}
    {{ "union\n" if not loop.first }}select products.{{ column }} as word
from {{ ref("personalize", "int_personalize__sensitive_products") }} as sensitive
inner join {{ ref("personalize", "int_personalize__current_products") }} as products
    on sensitive.product_id = products.product_id
where products.{{ column }} is not null
{% endfor -%}
{%- endmacro %}


{% macro may_be_sensitive(token) %}
    {% do return(token.fact in ["favourite_category", "favourite_brand"]) %}
{% endmacro %}


{#- The columns of int_personalize__token_texts under names of their own, each followed by a comma. -#}
{% macro token_names(relation) -%}
    {%- for name in personalize.tokens_in_use() %}
    {{ relation }}.{{ name }} as token_{{ name }},
    {%- endfor %}
{%- endmacro %}


{#- {what stands in the braces: SQL over those names} for the tokens about facts. -#}
{% macro token_values(locale) %}
    {% set tokens, values = personalize.tokens(), {} %}
    {% for mark, spoken in personalize.spoken_tokens().items() %}
        {% set token = tokens[spoken.token] %}
        {% if spoken.fallback is not none %}
            {% set fallback = personalize.text_literal(spoken.fallback) %}
        {% else %}
            {% set value = "cast('" ~ token.fallback ~ "' as timestamp)" if token.type == "date" else token.fallback | string %}
            {% set fallback = personalize.token_text(token, value, locale) %}
        {% endif %}
        {% do values.update({mark: "coalesce(token_" ~ spoken.token ~ ", " ~ fallback ~ ")"}) %}
    {% endfor %}
    {% do return(values) %}
{% endmacro %}
