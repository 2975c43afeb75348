{{ config(materialized="view") }}

-- grain: one row per external id that was ever in the audience, with what it was last sent and why
-- that was allowed; no address and no name
with

blocks as (

    select
        profile_id,
        {{ personalize.json_array_text(personalize.parsed_json(personalize.json_object_text({
            "block_id": "block_id",
            "position": "position",
            "product_id": "product_id",
            "reason_code": "reason_code",
            "slot": "slot",
        })), "slot, position") }} as blocks
    from {{ ref("personalize__content_blocks") }}
    group by profile_id

),

permissions as (

    select
        profile_id,
        evidence_event_id
    from {{ ref("personalize__consent") }}
    where channel = 'email'
        and purpose = 'marketing'
        and known_to is null
        and valid_from <= {{ personalize.as_of() }}
        and coalesce(valid_to > {{ personalize.as_of() }}, true)

)

select
    audience_state.external_id,
    audience_state.profile_id,
    audience_state.is_live,
    audience_state.reason,
    audience_state.content_hash,
    case when audience_state.is_live then blocks.blocks end as blocks,
    permissions.evidence_event_id as consent_evidence_event_id,
    audience_state.updated_at
from {{ ref("int_personalize__audience_state") }} as audience_state
left join blocks
    on audience_state.profile_id = blocks.profile_id
left join permissions
    on audience_state.profile_id = permissions.profile_id
