{#- SQL: a candidate's product is not among those the slots before it show. -#}
{% macro not_shown_in(slots) -%}
    {%- for slot in slots %}
        and not exists (
            select 1
            from {{ slot }}_products as shown
            where shown.profile_id = candidates.profile_id
                and shown.product_id = candidates.product_id
        )
    {%- endfor -%}
{%- endmacro %}
