-- grain: one row per product and dimension
with

learnt as (

    select
        products.product_id,
        vectors.dimension,
        vectors.value,
        'interactions' as made_from
    from {{ ref("int_personalize__item_vectors") }} as vectors
    inner join {{ ref("int_personalize__numbered_products") }} as products
        on vectors.product_number = products.product_number

),

-- a new product is put where the products are that it resembles by its words
resembled as (

    select
        likeness.new_product_id as product_id,
        learnt.dimension,
        cast({{ personalize.exact_sum("likeness.similarity * learnt.value") }} as double) as value
    from {{ ref("int_personalize__new_product_likeness") }} as likeness
    inner join learnt
        on likeness.product_id = learnt.product_id
    left join learnt as own
        on likeness.new_product_id = own.product_id
        and learnt.dimension = own.dimension
    where own.product_id is null
    group by likeness.new_product_id, learnt.dimension

),

lengths as (

    select
        product_id,
        sqrt(cast({{ personalize.exact_sum("value * value") }} as double)) as length
    from resembled
    group by product_id

)

select
    cast(product_id as varchar) as product_id,
    cast(dimension as bigint) as dimension,
    cast(value as double) as value,
    cast(made_from as varchar) as made_from
from learnt
union all
select
    cast(resembled.product_id as varchar) as product_id,
    cast(resembled.dimension as bigint) as dimension,
    cast(round(resembled.value / lengths.length, 6) as double) as value,
    cast('words' as varchar) as made_from
from resembled
inner join lengths
    on resembled.product_id = lengths.product_id
where lengths.length > 0
