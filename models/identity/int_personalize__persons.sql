-- grain: one row per account, with the person (the smallest account of its matches) it belongs to
-- exact identifiers join first, likely pairs after them
with

{% if personalize.setting("match_likely_pairs") -%}
sides as (

    select
        left_person as exact_person,
        right_person as other_person,
        match_probability
    from {{ ref("int_personalize__match_links") }}
    where verdict = 'linked'
    union all
    select
        right_person as exact_person,
        left_person as other_person,
        match_probability
    from {{ ref("int_personalize__match_links") }}
    where verdict = 'linked'

),

strongest_links as (

    select
        sides.exact_person,
        max(sides.match_probability) as match_probability
    from sides
    inner join {{ ref("int_personalize__match_persons") }} as own
        on sides.exact_person = own.exact_person
    inner join {{ ref("int_personalize__match_persons") }} as others
        on sides.other_person = others.exact_person
        and own.person = others.person
    where sides.exact_person <> sides.other_person
    group by sides.exact_person

),

{% endif -%}
exact as (

    select
        accounts.account,
        coalesce(exact_persons.person, accounts.account) as person,
        coalesce(exact_persons.match_rule, 'account') as match_rule,
        accounts.first_seen_at
    from {{ ref("int_personalize__accounts") }} as accounts
    left join {{ ref("int_personalize__exact_persons") }} as exact_persons
        on accounts.account = exact_persons.account

)

{% if personalize.setting("match_likely_pairs") -%}
select
    exact.account,
    coalesce(match_persons.person, exact.person) as person,
    case
        when match_persons.person <> exact.person then 'similar'
        else exact.match_rule
    end as match_rule,
    case
        when match_persons.person <> exact.person then strongest_links.match_probability
        else cast(1 as double)
    end as match_probability,
    exact.first_seen_at
from exact
left join {{ ref("int_personalize__match_persons") }} as match_persons
    on exact.person = match_persons.exact_person
left join strongest_links
    on exact.person = strongest_links.exact_person
{%- else -%}
select
    account,
    person,
    match_rule,
    cast(1 as double) as match_probability,
    first_seen_at
from exact
{%- endif %}
