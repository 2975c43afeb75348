{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per person by exact identifiers that a link joins to another one, with its group
-- a group too large, or with people in it that were told apart, is doubtful
with

links as (

    select distinct
        left_person,
        right_person
    from {{ ref("int_personalize__match_links") }}
    where verdict = 'linked'
        and left_person <> right_person

),

link_memberships as (

    select
        left_person as node,
        left_person || '~' || right_person as group_id
    from links
    union all
    select
        right_person as node,
        left_person || '~' || right_person as group_id
    from links

),

{{ personalize.connected_components("link_components", "link_memberships") }},

members as (

    select
        link_components.node as person,
        link_components.component as match_group,
        count(*) as accounts,
        min(case when exact_persons.has_conflict then exact_persons.component end)
            as told_apart_component,
        min(case when exact_persons.has_conflict then exact_persons.label end) as told_apart_label
    from link_components
    left join {{ ref("int_personalize__exact_persons") }} as exact_persons
        on link_components.node = exact_persons.person
    group by link_components.node, link_components.component

),

group_sizes as (

    select
        match_group,
        sum(accounts) as accounts
    from members
    group by match_group

),

told_apart as (

    select match_group
    from members
    where told_apart_component is not null
    group by match_group, told_apart_component
    having count(distinct told_apart_label) > 1

),

doubtful as (

    select match_group
    from group_sizes
    where accounts > {{ personalize.setting("max_accounts_per_person") }}
    union
    select match_group
    from told_apart

)

select
    members.person,
    members.match_group,
    members.accounts,
    members.told_apart_component,
    members.told_apart_label,
    doubtful.match_group is not null as is_doubtful
from members
left join doubtful
    on members.match_group = doubtful.match_group
