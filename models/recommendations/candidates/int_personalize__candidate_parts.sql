{{ config(materialized="view") }}
{%- set part_size = personalize.setting("profiles_per_part") %}

-- grain: one row per interaction of a person who asks for a list, and one per part and similarity
with

asked as (

    select
        cast(floor(profile_number / cast({{ part_size }} as double)) as bigint) as part,
        window_number,
        profile_number,
        product_number,
        weight,
        is_history,
        is_known
    from {{ ref("int_personalize__numbered_interactions") }}
    where is_requested
        and (is_history or is_known)

),

parts as (

    select distinct part
    from asked

)

select
    part,
    window_number,
    profile_number,
    product_number,
    cast(-1 as bigint) as similar_product_number,
    weight as value,
    is_history,
    is_known
from asked
union all
select
    parts.part,
    similarities.window_number,
    cast(-1 as bigint) as profile_number,
    similarities.product_number,
    similarities.similar_product_number,
    similarities.similarity as value,
    false as is_history,
    false as is_known
from {{ ref("int_personalize__item_weights") }} as similarities
cross join parts
