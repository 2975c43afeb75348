-- grain: one row per current product whose margin is known
{%- set choices = ["product_id", "subcategory", "category", "brand"] %}
with

named as (

    {%- for choice in choices %}
    select
        product_id,
        '{{ choice }}' as chosen_by,
        {{ choice }} as value,
        {{ loop.index }} as choice_order
    from {{ ref("stg_personalize__products") }}
    where is_current
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    named.product_id,
    margins.margin
from named
inner join {{ ref("personalize_product_margins") }} as margins
    on named.chosen_by = margins.chosen_by
    and named.value = margins.value
qualify row_number() over (partition by named.product_id order by named.choice_order) = 1
