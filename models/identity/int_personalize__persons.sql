-- grain: one row per account, with the person (the smallest account of its matches) it belongs to
-- exact identifiers join first, likely pairs after them
{%- if personalize.setting("match_likely_pairs") %}
with

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

)

select
    exact_persons.account,
    coalesce(match_persons.person, exact_persons.person) as person,
    case
        when match_persons.person <> exact_persons.person then 'similar'
        else exact_persons.match_rule
    end as match_rule,
    case
        when match_persons.person <> exact_persons.person then strongest_links.match_probability
        else cast(1 as double)
    end as match_probability,
    accounts.first_seen_at
from {{ ref("int_personalize__exact_persons") }} as exact_persons
inner join {{ ref("int_personalize__accounts") }} as accounts
    on exact_persons.account = accounts.account
left join {{ ref("int_personalize__match_persons") }} as match_persons
    on exact_persons.person = match_persons.exact_person
left join strongest_links
    on exact_persons.person = strongest_links.exact_person
{%- else %}
select
    exact_persons.account,
    exact_persons.person,
    exact_persons.match_rule,
    cast(1 as double) as match_probability,
    accounts.first_seen_at
from {{ ref("int_personalize__exact_persons") }} as exact_persons
inner join {{ ref("int_personalize__accounts") }} as accounts
    on exact_persons.account = accounts.account
{%- endif %}
