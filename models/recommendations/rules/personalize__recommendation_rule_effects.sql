-- grain: one row per rule over the recommendations, those that always hold included
{%- set size = personalize.setting("recommendations_per_profile") | int %}
{%- set standing = personalize.standing_product_rules().keys() | list
    + ["bought_recently", "disliked"] %}
with

rules as (

    {%- for rule_id in standing %}
    select
        '{{ rule_id }}' as rule_id,
        {{ loop.index }} as rule_order,
        'always' as kind,
        cast(null as varchar) as description
    union all
    {%- endfor %}
    select
        rule_id,
        100 + rule_order as rule_order,
        kind,
        description
    from {{ ref("int_personalize__recommendation_rules") }}

),

removals as (

    select
        excluded_by as rule_id,
        product_id,
        cast(null as varchar) as profile_id,
        cast(null as boolean) as has_a_place
    from {{ ref("int_personalize__current_products") }}
    where excluded_by is not null
    union all
    select
        blocked.reason as rule_id,
        blocked.product_id,
        blocked.profile_id,
        cast(null as boolean) as has_a_place
    from {{ ref("int_personalize__blocked_products") }} as blocked
    inner join {{ ref("int_personalize__recommendation_requests") }} as requests
        on blocked.window_number = requests.window_number
        and blocked.profile_id = requests.profile_id
    where blocked.window_number = 0
    union all
    select
        removed_by as rule_id,
        product_id,
        profile_id,
        coalesce(model_rank <= {{ size }}, false) as has_a_place
    from {{ ref("int_personalize__ruled_recommendations") }}
    where window_number = 0 and removed_by is not null
    union all
    select distinct
        hits.rule_id,
        hits.product_id,
        hits.profile_id,
        cast(null as boolean) as has_a_place
    from {{ ref("int_personalize__slot_rule_hits") }} as hits
    inner join {{ ref("int_personalize__recommendation_rules") }} as campaign_rules
        on hits.rule_id = campaign_rules.rule_id
        and campaign_rules.is_for_campaigns
    union all
    select
        rule_id,
        product_id,
        profile_id,
        takes_a_place as has_a_place
    from {{ ref("int_personalize__rule_moves") }}

)

select
    cast(rules.rule_id as varchar) as rule_id,
    cast(max(rules.kind) as varchar) as kind,
    cast(max(rules.description) as varchar) as description,
    cast(count(distinct removals.product_id) as bigint) as products,
    cast(count(distinct removals.profile_id) as bigint) as profiles,
    cast(count(removals.profile_id) as bigint) as pairs,
    cast(
        case
            when max(rules.kind) not in ('always', 'show_at_most')
                then sum(case when removals.has_a_place then 1 else 0 end)
        end as bigint
    ) as places,
    cast(max(rules.rule_order) as bigint) as rule_order
from rules
left join removals
    on rules.rule_id = removals.rule_id
group by rules.rule_id
