{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per link between two accounts that was cut, the weakest ones first
select
    cast(links.left_account as varchar) as left_account,
    cast(links.right_account as varchar) as right_account,
    cast(links.match_weight as double) as match_weight,
    cast(links.match_probability as double) as match_probability,
    cast(
        case
            when links.verdict = 'linked' then 'too many accounts or people told apart'
            else links.verdict
        end as varchar
    ) as reason
from {{ ref("int_personalize__match_links") }} as links
left join {{ ref("int_personalize__match_persons") }} as left_parts
    on links.left_person = left_parts.exact_person
left join {{ ref("int_personalize__match_persons") }} as right_parts
    on links.right_person = right_parts.exact_person
where coalesce(left_parts.person, links.left_person)
    <> coalesce(right_parts.person, links.right_person)
