{#-
    CTEs that list the identifiers (e-mail, phone) that several accounts hold, ending in `match_keys`. Placeholders are left
    out; an identifier that more accounts hold than max_records_per_identifier tells nobody from anybody.
    accounts: account, email, phone.
-#}
{% macro match_keys(accounts) -%}
held_identifiers as (

    select
        account,
        'email' as identifier_type,
        email as identifier
    from {{ accounts }}
    where email is not null
    union all
    select
        account,
        'phone' as identifier_type,
        phone as identifier
    from {{ accounts }}
    where phone is not null

),

shared_identifiers as (

    select
        held.identifier_type,
        held.identifier,
        count(*) as accounts
    from held_identifiers as held
    left join {{ ref("personalize", "int_personalize__blocked_identifiers") }} as blocked
        on held.identifier_type = blocked.identifier_type
        and held.identifier = blocked.identifier
    where blocked.identifier is null
    group by held.identifier_type, held.identifier
    having count(*) > 1

),

match_keys as (

    select
        held.account,
        held.identifier_type,
        held.identifier,
        shared.accounts,
        shared.accounts <= {{ personalize.setting("max_records_per_identifier") }} as is_matchable
    from held_identifiers as held
    inner join shared_identifiers as shared
        on held.identifier_type = shared.identifier_type
        and held.identifier = shared.identifier

)
{%- endmacro %}
