-- grain: one row per identifier (account, e-mail, anonymous id) of this run
with

{{ personalize.assigned_profile_ids(ref("int_personalize__identity_registry")) }}

select
    nodes.identifier_type,
    nodes.identifier,
    nodes.identifier_hash,
    assigned.profile_id,
    nodes.match_rule,
    nodes.match_probability,
    nodes.first_seen_at
from {{ ref("int_personalize__identity_nodes") }} as nodes
inner join assigned
    on nodes.person = assigned.person
