-- grain: one row per account, with the person (the smallest account of its matches) it belongs to
with

memberships as (

    select
        match_keys.account as node,
        match_keys.identifier_type || ':' || match_keys.identifier || '|' || labels.label as group_id,
        match_keys.identifier_type
    from {{ ref("int_personalize__match_keys") }} as match_keys
    inner join {{ ref("int_personalize__identity_labels") }} as labels
        on match_keys.account = labels.account
    where match_keys.is_matchable
        and match_keys.accounts > 1

),

{{ personalize.connected_components("components", "memberships") }},

email_matches as (

    select distinct members.node
    from (
        select
            node,
            count(*) over (partition by group_id) as accounts
        from memberships
        where identifier_type = 'email'
    ) as members
    where members.accounts > 1

)

select
    accounts.account,
    coalesce(components.component, accounts.account) as person,
    case
        when components.component is null or components.component = accounts.account then 'account'
        when email_matches.node is not null then 'email'
        else 'phone'
    end as match_rule,
    accounts.first_seen_at
from {{ ref("int_personalize__accounts") }} as accounts
left join components
    on accounts.account = components.node
left join email_matches
    on accounts.account = email_matches.node
