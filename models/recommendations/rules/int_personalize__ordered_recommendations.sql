-- grain: one row per list (today's and the latest that can be judged) and product, before any rule
with

promoted as (

    select max(models.candidate) as model
    from {{ ref("personalize__model_registry") }} as registry
    inner join {{ ref("int_personalize__recommendation_models") }} as models
        on registry.model = models.model
        and registry.model_version = models.model_version
    where registry.decided_at = {{ personalize.as_of() }}

),

pins as (

    select
        requests.window_number,
        requests.profile_id,
        products.product_id,
        min(rules.place) as place
    from {{ ref("int_personalize__recommendation_rules") }} as rules
    inner join {{ ref("int_personalize__rule_products") }} as products
        on rules.rule_id = products.rule_id
    inner join {{ ref("int_personalize__numbered_products") }} as recommendable
        on products.product_id = recommendable.product_id
        and recommendable.is_recommendable
    inner join {{ ref("int_personalize__recommendation_requests") }} as requests
        on requests.window_number <= 1
    left join {{ ref("int_personalize__rule_people") }} as people
        on rules.rule_id = people.rule_id
        and requests.profile_id = people.profile_id
        and requests.window_number = 0
    left join {{ ref("int_personalize__blocked_products") }} as blocked
        on requests.window_number = blocked.window_number
        and requests.profile_id = blocked.profile_id
        and products.product_id = blocked.product_id
    where rules.kind = 'pin'
        and blocked.product_id is null
        and (rules.is_for_everybody or people.profile_id is not null)
    group by requests.window_number, requests.profile_id, products.product_id

),

offered as (

    select
        blended.window_number,
        blended.profile_id,
        blended.product_id,
        blended.strategy,
        blended.strategy_position,
        case
            when promoted.model = 'recommendation_ranker'
                then coalesce(blended.ranker_chance, blended.chance)
            else blended.chance
        end as chance,
        case
            when promoted.model = 'recommendation_ranker'
                then coalesce(blended.ranker_chance, blended.confidence)
            else blended.confidence
        end as confidence,
        blended.reason_code,
        blended.evidence_product_id,
        case
            when promoted.model = 'recommendation_ranker'
                then coalesce(blended.ranker_rank, blended.blend_rank)
            when promoted.model = 'recommendation_blend' then blended.blend_rank
            else blended.simple_rank
        end as model_rank
    from {{ ref("int_personalize__blended_recommendations") }} as blended
    cross join promoted
    where blended.window_number <= 1

)

select
    coalesce(offered.window_number, pins.window_number) as window_number,
    coalesce(offered.profile_id, pins.profile_id) as profile_id,
    coalesce(offered.product_id, pins.product_id) as product_id,
    coalesce(offered.strategy, 'pinned') as strategy,
    offered.strategy_position,
    offered.chance,
    offered.confidence,
    coalesce(offered.reason_code, 'featured') as reason_code,
    offered.evidence_product_id,
    offered.model_rank,
    pins.place as pinned_place
from offered
full join pins
    on offered.window_number = pins.window_number
    and offered.profile_id = pins.profile_id
    and offered.product_id = pins.product_id
