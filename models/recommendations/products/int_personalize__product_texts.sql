-- grain: one row per product that no rule excludes: its words, and whether it may be new
{%- set days = personalize.setting("new_arrival_days") | int
    + personalize.setting("recommendation_backtest_windows") | int
    * personalize.setting("recommendation_backtest_days") | int %}
select
    numbered.product_number,
    lower(
        products.title
        || ' ' || coalesce(products.brand, '')
        || ' ' || coalesce(products.category, '')
        || ' ' || coalesce(products.subcategory, '')
        || ' ' || coalesce(products.description, '')
    ) as words,
    numbered.is_recommendable
    and coalesce(
        numbered.created_at > {{ dbt.dateadd("day", -days, personalize.as_of()) }}, false
    ) as is_new
from {{ ref("int_personalize__numbered_products") }} as numbered
inner join {{ ref("int_personalize__current_products") }} as products
    on numbered.product_id = products.product_id
where not numbered.is_excluded
