-- Promise 3, for what is shown: without permission there is no name, no trigger, no model and
-- only what is popular or in stock.
select
    blocks.profile_id,
    blocks.slot,
    blocks.position,
    blocks.block_id
from {{ ref("personalize__content_blocks") }} as blocks
inner join {{ ref("int_personalize__permissions") }} as permissions
    on blocks.profile_id = permissions.profile_id
inner join {{ ref("int_personalize__audience_candidates") }} as audience
    on blocks.profile_id = audience.profile_id
where not permissions.can_personalize
    and (
        blocks.rule_id is not null
        or blocks.model_version is not null
        or coalesce(blocks.reason_code, 'popular') not in ('popular', 'in_stock')
        or {{ personalize.json_value("audience.payload", "first_name") }} <> ''
    )
