-- grain: one row per product that would tell something sensitive of a person
with

products as (

    select
        product_id,
        ' ' || coalesce({{ personalize.normalized_name("title") }}, '') || ' | '
        || coalesce({{ personalize.normalized_name("category") }}, '') || ' | '
        || coalesce({{ personalize.normalized_name("subcategory") }}, '') || ' ' as words
    from {{ ref("int_personalize__current_products") }}

),

terms as (

    select
        {{ personalize.normalized_name("term") }} as term,
        kind
    from {{ ref("personalize_sensitive_terms") }}

)

select
    products.product_id,
    min(terms.kind) as kind
from products
inner join terms
    on products.words like '% ' || terms.term || ' %'
group by products.product_id
