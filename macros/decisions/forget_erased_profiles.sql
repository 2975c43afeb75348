{#- Before a run adds to this table of state: what it holds of erased people goes. -#}
{% macro forget_erased_profiles() -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where profile_id in (
        select profile_id
        from {{ ref("personalize", "int_personalize__permissions") }}
        where is_erased
    )
    {%- endif -%}
{%- endmacro %}
