-- grain: one row per profile with a history of products that have a vector
{%- set dimensions = range(1, [personalize.embedding_dimensions(), 1] | max + 1) | list %}
with

products as (

    select
        {%- for dimension in dimensions %}
        coalesce(max(case when dimension = {{ dimension }} then value end), 0)
            as value_{{ dimension }},
        {%- endfor %}
        product_id
    from {{ ref("personalize__product_vectors") }}
    group by product_id

),

totals as (

    select
        {%- for dimension in dimensions %}
        cast(
            {{ personalize.exact_sum("interactions.weight * products.value_" ~ dimension) }}
            as double
        ) as total_{{ dimension }},
        {%- endfor %}
        interactions.profile_id,
        count(*) as products,
        cast({{ personalize.exact_sum("interactions.weight") }} as double) as weight
    from {{ ref("int_personalize__interactions") }} as interactions
    inner join products
        on interactions.product_id = products.product_id
    where interactions.window_number = 0
        and interactions.weight > 0
        and interactions.interaction_rank <= {{ personalize.setting("interactions_per_profile") }}
    group by interactions.profile_id

),

measured as (

    select
        totals.*,
        sqrt(
            {%- for dimension in dimensions %}
            {{ "+ " if not loop.first }}total_{{ dimension }} * total_{{ dimension }}
            {%- endfor %}
        ) as length
    from totals

)

select
    cast(profile_id as varchar) as profile_id,
    cast(products as bigint) as products,
    cast(round(weight, 6) as double) as weight,
    cast(
        '['
        {%- for dimension in dimensions %}
        || {{ "',' || " if not loop.first }}cast(
            cast(round(total_{{ dimension }} / length, 6) as decimal(9, 6)) as varchar
        )
        {%- endfor %}
        || ']' as varchar
    ) as vector
from measured
where length > 0
