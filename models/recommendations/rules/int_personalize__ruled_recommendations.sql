{%- set ladder = personalize.recommendation_ladder() %}
{%- set caps = personalize.recommendation_rules_of(["cap"]) %}
-- grain: one row per list and product offered for it: what the rules do to it
with

offers as (

    select
        ordered.*,
        coalesce(ordered.model_rank, 0) as offer_rank,
        coalesce(hits.factor, 1) as factor,
        hits.excluded_by
    from {{ ref("int_personalize__ordered_recommendations") }} as ordered
    left join {{ ref("int_personalize__rule_hits") }} as hits
        on ordered.window_number = hits.window_number
        and ordered.profile_id = hits.profile_id
        and ordered.product_id = hits.product_id
    union all
    select
        0 as window_number,
        fillers.profile_id,
        fillers.product_id,
        'popular' as strategy,
        {{ ladder.index("popular") + 1 }} as strategy_position,
        cast(null as double) as chance,
        cast(null as double) as confidence,
        fillers.reason_code,
        cast(null as varchar) as evidence_product_id,
        null as model_rank,
        null as pinned_place,
        1000000 + fillers.pool_rank as offer_rank,
        1 as factor,
        cast(null as varchar) as excluded_by
    from {{ ref("int_personalize__rule_fillers") }} as fillers
    left join {{ ref("int_personalize__ordered_recommendations") }} as ordered
        on fillers.profile_id = ordered.profile_id
        and fillers.product_id = ordered.product_id
        and ordered.window_number = 0
    where ordered.product_id is null

),

titled as (

    select
        offers.*,
        products.category,
        products.subcategory,
        products.brand,
        numbered.title_key,
        numbered.is_title_shared,
        coalesce(offers.excluded_by, '') as state,
        case when offers.pinned_place is null then 1 else 0 end as is_free,
        round(offers.offer_rank / cast(offers.factor as double), 6) as wanted_rank
    from offers
    inner join {{ ref("int_personalize__current_products") }} as products
        on offers.product_id = products.product_id
    inner join {{ ref("int_personalize__numbered_products") }} as numbered
        on offers.product_id = numbered.product_id

),

one_per_title as (

    select *
    from titled
    where not is_title_shared
    union all
    select *
    from titled
    where is_title_shared
    qualify row_number() over (
            partition by window_number, profile_id, title_key, state
            order by is_free, wanted_rank, offer_rank, product_id
        ) = 1

),

placed as (

    select
        *,
        {{ personalize.places_in_caps(
            "window_number, profile_id, state", "is_free, wanted_rank, offer_rank, product_id"
        ) }}
    from one_per_title

),

judged as (

    select
        *,
        coalesce(
            excluded_by, case
                when pinned_place is not null then cast(null as varchar)
                {%- for id, rule in caps.items() %}
                when place_in_{{ id }} > {{ rule.at_most }} then '{{ id }}'
                {%- endfor %}
            end
        ) as removed_by
    from placed

)

select
    window_number,
    profile_id,
    product_id,
    strategy,
    strategy_position,
    chance,
    confidence,
    reason_code,
    evidence_product_id,
    model_rank,
    factor,
    pinned_place,
    removed_by,
    case
        when removed_by is null
            then row_number() over (
                    partition by
                        window_number, profile_id, case when removed_by is null then 1 else 0 end
                    order by wanted_rank, offer_rank, product_id
                )
    end as ruled_rank,
    category,
    subcategory,
    brand
from judged
