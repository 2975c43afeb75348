-- grain: one row per window, profile and product never bought that is like what the person did
with

named as (

    select
        graph.window_number,
        profiles.profile_id,
        products.product_id,
        graph.score,
        evidence.product_id as evidence_product_id
    from {{ ref("int_personalize__graph_candidates") }} as graph
    inner join {{ ref("int_personalize__recommendation_profiles") }} as profiles
        on graph.profile_number = profiles.profile_number
    inner join {{ ref("int_personalize__numbered_products") }} as products
        on graph.product_number = products.product_number
    inner join {{ ref("int_personalize__numbered_products") }} as evidence
        on graph.evidence_product_number = evidence.product_number

)

select
    cast(named.window_number as integer) as window_number,
    cast(named.profile_id as varchar) as profile_id,
    cast(named.product_id as varchar) as product_id,
    cast('discovery' as varchar) as strategy,
    cast(named.score as double) as score,
    cast(row_number() over (
        partition by named.window_number, named.profile_id
        order by named.score desc, named.product_id
    ) as bigint) as strategy_rank,
    cast(
        case
            when interactions.purchase_count > 0 then 'bought_together'
            else 'viewed_together'
        end as varchar
    ) as reason_code,
    cast(named.evidence_product_id as varchar) as evidence_product_id
from named
inner join {{ ref("int_personalize__interactions") }} as interactions
    on named.window_number = interactions.window_number
    and named.profile_id = interactions.profile_id
    and named.evidence_product_id = interactions.product_id
