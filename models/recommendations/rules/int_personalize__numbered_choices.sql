-- grain: one row per list and product that may take a place in it, numbered for the Python model
{%- set size = personalize.setting("recommendations_per_profile") | int %}
{%- set part_size = personalize.setting("profiles_per_part") %}
with

worded as (

    select
        product_id,
        category,
        subcategory,
        brand,
        split_part(lower(title), ' ', 1) || ' ' || split_part(lower(title), ' ', 2) as two_words,
        split_part(lower(title), ' ', 3) as third_word,
        count(*) over () as products
    from {{ ref("int_personalize__current_products") }}

),

kinds as (

    select
        product_id,
        case
            when category is null then -dense_rank() over (order by two_words, third_word)
            else dense_rank() over (order by category)
        end as category_number,
        case
            when subcategory is not null then dense_rank() over (order by subcategory)
            when category is null then -dense_rank() over (order by two_words, third_word)
            else -products - row_number() over (order by product_id)
        end as subcategory_number,
        case
            when brand is not null then dense_rank() over (order by brand)
            when category is null then -dense_rank() over (order by two_words)
            else -products - row_number() over (order by product_id)
        end as brand_number
    from worded

)

select
    cast(floor(profiles.profile_number / cast({{ part_size }} as double)) as bigint) as part,
    ruled.window_number,
    profiles.profile_number,
    products.product_number,
    ruled.ruled_rank,
    coalesce(ruled.pinned_place, 0) as pinned_place,
    kinds.category_number,
    kinds.subcategory_number,
    kinds.brand_number
from {{ ref("int_personalize__ruled_recommendations") }} as ruled
inner join {{ ref("int_personalize__recommendation_profiles") }} as profiles
    on ruled.profile_id = profiles.profile_id
inner join {{ ref("int_personalize__numbered_products") }} as products
    on ruled.product_id = products.product_id
inner join kinds
    on ruled.product_id = kinds.product_id
where ruled.removed_by is null
    and (ruled.ruled_rank <= {{ 5 * size }} or ruled.pinned_place is not null)
