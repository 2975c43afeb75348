{{ config(enabled=(target.profile_name == "personalize_demo")) }}

-- one row per product of a hard case (seeds/demo/demo_expected_products.csv) that is not what it
-- should be at as_of
select
    expected.hard_case,
    expected.product_id,
    expected.price as expected_price,
    products.price,
    expected.is_recommendable as expected_recommendable,
    products.is_recommendable
from {{ ref("demo_expected_products") }} as expected
left join {{ ref("int_personalize__current_products") }} as products
    on expected.product_id = products.product_id
where cast(expected.price as decimal(18, 2)) is distinct from cast(products.price as decimal(18, 2))
    or cast(expected.is_recommendable as boolean) is distinct from products.is_recommendable
