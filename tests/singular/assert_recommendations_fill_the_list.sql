-- One row per person who may be written to and whose list has a gap, starts late, or is shorter
-- than it could be: fewer places than asked for although products are left that neither purchases
-- nor a rule keep back. With a cap on kinds of products a list may end earlier.
{%- set size = personalize.setting("recommendations_per_profile") %}
with

catalogue as (

    select count(distinct lower(title)) as products
    from {{ ref("int_personalize__current_products") }}
    where is_recommendable

),

lists as (

    select
        profile_id,
        count(*) as places,
        min(rank) as first_rank,
        max(rank) as last_rank
    from {{ ref("personalize__recommendations") }}
    group by profile_id

),

kept_back as (

    select
        profile_id,
        product_id
    from {{ ref("int_personalize__blocked_products") }}
    where window_number = 0
    union all
    select
        people.profile_id,
        products.product_id
    from {{ ref("int_personalize__rule_people") }} as people
    inner join {{ ref("int_personalize__rule_products") }} as products
        on people.rule_id = products.rule_id

),

blocked as (

    select
        profile_id,
        count(distinct product_id) as products
    from kept_back
    group by profile_id

)

select
    permissions.profile_id,
    lists.places,
    lists.first_rank,
    lists.last_rank
from {{ ref("int_personalize__permissions") }} as permissions
cross join catalogue
left join lists
    on permissions.profile_id = lists.profile_id
left join blocked
    on permissions.profile_id = blocked.profile_id
where permissions.can_market
    and permissions.email is not null
    and not permissions.is_erased
    and (
        coalesce(lists.places, 0) < case
            when {{ "true" if personalize.recommendation_rules_of(["cap"]) else "false" }} then 0
            when catalogue.products - coalesce(blocked.products, 0) < {{ size }}
                then catalogue.products - coalesce(blocked.products, 0)
            else {{ size }}
        end
        or lists.first_rank <> 1
        or lists.last_rank <> lists.places
    )
