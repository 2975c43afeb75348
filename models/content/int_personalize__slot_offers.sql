-- grain: one row per profile, slot, step of the fallback chain and product offered for the step
with

steps as (

    select
        entries.profile_id,
        entries.slot,
        coalesce(entries.rule_id, 'default') as campaign_id,
        entries.trigger_product_id,
        ladders.step,
        ladders.block_id,
        ladders.product_source,
        ladders.strategy,
        ladders.reason_code
    from {{ ref("int_personalize__slot_entries") }} as entries
    inner join {{ ref("int_personalize__block_ladders") }} as ladders
        on entries.entry_block_id = ladders.entry_block_id
        and entries.can_personalize = ladders.can_personalize

),

of_strategies as (

    select
        candidates.profile_id,
        candidates.strategy,
        candidates.strategy_rank,
        candidates.product_id,
        candidates.reason_code,
        candidates.evidence_product_id
    from {{ ref("int_personalize__recommendation_candidates") }} as candidates
    inner join {{ ref("int_personalize__chosen_recommendations") }} as chosen
        on candidates.profile_id = chosen.profile_id
        and candidates.product_id = chosen.product_id
        and chosen.window_number = 0
    where candidates.window_number = 0

),

popular as (

    select
        profile_id,
        product_id,
        strategy_rank as popular_rank,
        reason_code
    from {{ ref("int_personalize__popular_candidates") }}
    where window_number = 0
    union all
    select
        profile_id,
        product_id,
        1000000 + pool_rank as popular_rank,
        reason_code
    from {{ ref("int_personalize__rule_fillers") }}

)

select
    profile_id,
    slot,
    campaign_id,
    step,
    block_id,
    1 as source_rank,
    trigger_product_id as product_id,
    reason_code,
    cast(null as varchar) as evidence_product_id,
    cast(null as varchar) as model_version,
    0 as source_depth
from steps
where product_source = 'trigger'
    and trigger_product_id is not null
union all
select
    steps.profile_id,
    steps.slot,
    steps.campaign_id,
    steps.step,
    steps.block_id,
    offers.strategy_rank as source_rank,
    offers.product_id,
    offers.reason_code,
    offers.evidence_product_id,
    '{{ personalize.recommendation_version() }}' as model_version,
    0 as source_depth
from steps
inner join of_strategies as offers
    on steps.profile_id = offers.profile_id
    and steps.strategy = offers.strategy
where steps.product_source = 'recommendation'
union all
select
    steps.profile_id,
    steps.slot,
    steps.campaign_id,
    steps.step,
    steps.block_id,
    case when steps.strategy = 'best' then 0 else 1000000 end + recommendations.rank
        as source_rank,
    recommendations.product_id,
    recommendations.reason_code,
    recommendations.evidence_product_id,
    recommendations.model_version,
    case when steps.strategy = 'best' then 0 else 1 end + recommendations.fallback_depth
        as source_depth
from steps
inner join {{ ref("personalize__recommendations") }} as recommendations
    on steps.profile_id = recommendations.profile_id
where steps.product_source = 'recommendation'
union all
select
    steps.profile_id,
    steps.slot,
    steps.campaign_id,
    steps.step,
    steps.block_id,
    popular.popular_rank as source_rank,
    popular.product_id,
    popular.reason_code,
    cast(null as varchar) as evidence_product_id,
    cast(null as varchar) as model_version,
    0 as source_depth
from steps
inner join popular
    on steps.profile_id = popular.profile_id
where steps.product_source = 'popular'
