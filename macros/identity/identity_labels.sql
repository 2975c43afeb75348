{#-
    CTEs that label accounts so that those of one component whose first names or birth dates conflict differ, ending in
    `identity_labels`. In a component with a conflict an account without a name takes the label of the accounts it shares
    an identifier with if they have but one; if they have several it is anybody's, and stays alone.
    Only accounts that share a matchable identifier have a row.
    accounts: account, first_name, birth_date; match_keys: as the macro of this name makes them.
-#}
{% macro identity_labels(accounts, match_keys) -%}
label_memberships as (

    select
        account as node,
        identifier_type || ':' || identifier as group_id
    from {{ match_keys }}
    where is_matchable

),

{{ personalize.connected_components("label_components", "label_memberships") }},

members as (

    select
        label_components.node as account,
        label_components.component,
        accounts.first_name,
        accounts.birth_date
    from label_components
    inner join {{ accounts }} as accounts
        on label_components.node = accounts.account

),

component_conflicts as (

    select
        component,
        count(distinct first_name) > 1 or count(distinct birth_date) > 1 as has_conflict
    from members
    group by component

),

namesakes as (

    select
        component,
        first_name,
        min(birth_date) as birth_date,
        count(distinct birth_date) as birth_dates
    from members
    where first_name is not null
    group by component, first_name

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
            when namesakes.birth_dates <= 1
                then members.first_name || '|' || coalesce(cast(namesakes.birth_date as varchar), '')
            when namesakes.birth_dates > 1 and members.birth_date is not null
                then members.first_name || '|' || cast(members.birth_date as varchar)
        end as label
    from members
    inner join component_conflicts as conflicts
        on members.component = conflicts.component
    left join namesakes
        on members.component = namesakes.component
        and members.first_name = namesakes.first_name

),

neighbour_labels as (

    select
        own.account,
        min(neighbours.label) as label,
        count(distinct neighbours.label) as labels
    from named as own
    inner join label_memberships as own_keys
        on own.account = own_keys.node
    inner join label_memberships as shared_keys
        on own_keys.group_id = shared_keys.group_id
    inner join named as neighbours
        on shared_keys.node = neighbours.account
    where own.label is null
        and neighbours.label is not null
        and (own.first_name is null or own.first_name = neighbours.first_name)
        and (own.birth_date is null or neighbours.label like '%|' || cast(own.birth_date as varchar))
    group by own.account

),

identity_labels as (

    select
        named.account,
        named.component,
        named.has_conflict,
        coalesce(
            named.label,
            case when neighbour_labels.labels = 1 then neighbour_labels.label end,
            case when named.first_name is null then '|' || cast(named.birth_date as varchar) end,
            'alone|' || named.account
        ) as label
    from named
    left join neighbour_labels
        on named.account = neighbour_labels.account

)
{%- endmacro %}
