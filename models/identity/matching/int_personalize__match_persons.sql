{{ config(enabled=personalize.setting("match_likely_pairs")) }}

-- grain: one row per person by exact identifiers that belongs to a doubtful group or not alone to
-- a sound one, with the smallest account of the whole person
select
    groups.person as exact_person,
    case
        when groups.is_doubtful then coalesce(parts.part, groups.person)
        else groups.match_group
    end as person,
    groups.is_doubtful
from {{ ref("int_personalize__match_groups") }} as groups
left join {{ ref("int_personalize__match_parts") }} as parts
    on groups.person = parts.person
