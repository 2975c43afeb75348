{%- set shown_products = personalize.slots().values() | sum(attribute="positions") -%}
-- grain: one row per profile, slot, step of the fallback chain and product that the step could show
with

steps as (

    select
        entries.profile_id,
        entries.slot,
        entries.trigger_product_id,
        ladders.step,
        ladders.block_id,
        ladders.product_source,
        ladders.reason_code
    from {{ ref("int_personalize__slot_entries") }} as entries
    inner join {{ ref("int_personalize__block_ladders") }} as ladders
        on entries.entry_block_id = ladders.entry_block_id
        and entries.can_personalize = ladders.can_personalize

),

blocked_products as (

    select
        profile_id,
        product_id
    from {{ ref("int_personalize__blocked_products") }}
    where window_number = 0

),

blocked_counts as (

    select
        profile_id,
        count(*) as blocked_count
    from blocked_products
    group by 1

),

candidates as (

    select
        profile_id,
        slot,
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
        steps.step,
        steps.block_id,
        recommendations.rank as source_rank,
        recommendations.product_id,
        recommendations.reason_code,
        recommendations.evidence_product_id,
        recommendations.model_version,
        recommendations.fallback_depth as source_depth
    from steps
    inner join {{ ref("personalize__recommendations") }} as recommendations
        on steps.profile_id = recommendations.profile_id
    where steps.product_source = 'recommendation'
    union all
    select
        steps.profile_id,
        steps.slot,
        steps.step,
        steps.block_id,
        popular.popularity_rank as source_rank,
        popular.product_id,
        'popular' as reason_code,
        cast(null as varchar) as evidence_product_id,
        cast(null as varchar) as model_version,
        0 as source_depth
    from steps
    left join blocked_counts
        on steps.profile_id = blocked_counts.profile_id
    inner join {{ ref("int_personalize__popular_products") }} as popular
        on popular.popularity_rank
        <= {{ shown_products }} + coalesce(blocked_counts.blocked_count, 0)
    left join blocked_products
        on steps.profile_id = blocked_products.profile_id
        and popular.product_id = blocked_products.product_id
    where steps.product_source = 'popular'
        and blocked_products.product_id is null

)

select
    candidates.profile_id,
    candidates.slot,
    candidates.step,
    candidates.block_id,
    candidates.source_rank,
    candidates.product_id,
    candidates.reason_code,
    candidates.evidence_product_id,
    candidates.model_version,
    candidates.source_depth
from candidates
inner join {{ ref("int_personalize__current_products") }} as products
    on candidates.product_id = products.product_id
where products.is_recommendable
