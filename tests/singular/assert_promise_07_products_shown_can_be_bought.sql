-- Promise 7, for what is shown: every product is available, priced, not excluded by a rule, and
-- shown once in an e-mail.
select
    blocks.profile_id,
    blocks.product_id,
    'cannot be bought or is excluded' as problem
from {{ ref("personalize__content_blocks") }} as blocks
left join {{ ref("int_personalize__current_products") }} as products
    on blocks.product_id = products.product_id
where blocks.product_id is not null
    and (
        products.product_id is null
        or not products.is_recommendable
        or blocks.price is distinct from cast(products.price as decimal(18, 2))
        or coalesce(blocks.price, 0) <= 0
    )
union all
select
    profile_id,
    product_id,
    'shown twice' as problem
from {{ ref("personalize__content_blocks") }}
where product_id is not null
group by 1, 2
having count(*) > 1
