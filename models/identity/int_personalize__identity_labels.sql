-- grain: one row per account, labelled so that accounts of one component whose names or birth dates conflict differ
with

memberships as (

    select
        account as node,
        identifier_type || ':' || identifier as group_id
    from {{ ref("int_personalize__match_keys") }}
    where is_matchable
        and accounts > 1

),

{{ personalize.connected_components("components", "memberships") }},

members as (

    select
        accounts.account,
        coalesce(components.component, accounts.account) as component,
        accounts.first_name,
        accounts.birth_date
    from {{ ref("int_personalize__accounts") }} as accounts
    left join components
        on accounts.account = components.node

),

names as (

    select
        component,
        coalesce(first_name, '') as first_name,
        min(birth_date) as birth_date,
        count(distinct birth_date) as birth_dates
    from members
    group by 1, 2

),

component_conflicts as (

    select
        component,
        count(distinct first_name) > 1 or count(distinct birth_date) > 1 as has_conflict
    from members
    group by component

),

named as (

    select
        members.account,
        members.component,
        members.first_name,
        members.birth_date,
        conflicts.has_conflict,
        case
            when not conflicts.has_conflict then ''
            when members.first_name is null then null
            when names.birth_dates <= 1
                then members.first_name || '|' || coalesce(cast(names.birth_date as varchar), '')
            when members.birth_date is not null
                then members.first_name || '|' || cast(members.birth_date as varchar)
        end as label
    from members
    inner join component_conflicts as conflicts
        on members.component = conflicts.component
    left join names
        on members.component = names.component
        and coalesce(members.first_name, '') = names.first_name

),

neighbour_labels as (

    select
        own.account,
        min(neighbours.label) as label,
        count(distinct neighbours.label) as labels
    from named as own
    inner join memberships as own_keys
        on own.account = own_keys.node
    inner join memberships as shared_keys
        on own_keys.group_id = shared_keys.group_id
    inner join named as neighbours
        on shared_keys.node = neighbours.account
    where own.label is null
        and neighbours.label is not null
        and (own.first_name is null or neighbours.first_name = own.first_name)
        and (own.birth_date is null or neighbours.label like '%|' || cast(own.birth_date as varchar))
    group by own.account

)

select
    named.account,
    named.component,
    named.has_conflict,
    coalesce(
        named.label,
        case when neighbour_labels.labels = 1 then neighbour_labels.label end,
        'alone|' || named.account
    ) as label
from named
left join neighbour_labels
    on named.account = neighbour_labels.account
