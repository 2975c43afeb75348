{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per pair of persons by exact identifiers that a link joins in a doubtful group
select
    links.left_person,
    links.right_person,
    max(links.match_weight) as match_weight,
    max(
        case
            when left_groups.told_apart_component = right_groups.told_apart_component then 1
            else 0
        end
    ) = 1 as is_one_person
from {{ ref("int_personalize__match_links") }} as links
inner join {{ ref("int_personalize__match_groups") }} as left_groups
    on links.left_person = left_groups.person
inner join {{ ref("int_personalize__match_groups") }} as right_groups
    on links.right_person = right_groups.person
where links.verdict = 'linked'
    and left_groups.is_doubtful
    and links.left_person <> links.right_person
group by links.left_person, links.right_person
