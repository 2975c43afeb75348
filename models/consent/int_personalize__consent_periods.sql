{%- set version = "profile_id, channel, purpose, version_number" %}
-- grain: one row per profile, channel, purpose, state of our knowledge and period in which one
-- decision holds
with

blocks as (

    select
        blocks.profile_id,
        blocks.channel,
        blocks.purpose,
        blocks.version_number,
        blocks.evidence_event_id,
        blocks.occurred_at,
        blocks.status,
        blocks.lawful_basis,
        blocks.precedence,
        min(confirmations.occurred_at) as ended_at
    from {{ ref("int_personalize__decisive") }} as blocks
    left join {{ ref("int_personalize__decisive") }} as confirmations
        on {{ personalize.same_version("blocks", "confirmations") }}
        and confirmations.status = 'confirmed'
        and blocks.occurred_at < confirmations.occurred_at
        and (
            blocks.status = 'objected'
            or (
                blocks.status = 'suppressed'
                and coalesce(confirmations.email, blocks.email) = blocks.email
            )
        )
    where blocks.status in ('restricted', 'suppressed', 'objected')
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9

),

standing as (

    select
        pieces.profile_id,
        pieces.channel,
        pieces.purpose,
        pieces.version_number,
        pieces.starts_at,
        coalesce(blocks.evidence_event_id, pieces.evidence_event_id) as evidence_event_id,
        coalesce(blocks.occurred_at, pieces.decided_at) as decided_at,
        coalesce(blocks.status, pieces.status) as status,
        case when blocks.status is null then pieces.lawful_basis else blocks.lawful_basis end
            as lawful_basis,
        case when blocks.status is null then pieces.limited_by end as limited_by
    from {{ ref("int_personalize__consent_pieces") }} as pieces
    left join blocks
        on {{ personalize.same_version("pieces", "blocks") }}
        and pieces.starts_at >= blocks.occurred_at
        and coalesce(pieces.starts_at < blocks.ended_at, true)
    qualify row_number() over (
            partition by
                pieces.profile_id, pieces.channel, pieces.purpose, pieces.version_number,
                pieces.starts_at
            order by blocks.occurred_at desc nulls last, blocks.precedence, blocks.evidence_event_id
        ) = 1

),

changes as (

    select *
    from standing
    qualify coalesce(
            lag(status) over (partition by {{ version }} order by starts_at) <> status
            or lag(evidence_event_id) over (partition by {{ version }} order by starts_at)
            <> evidence_event_id,
            true
        )

)

select
    {{ version }},
    evidence_event_id,
    decided_at,
    status,
    lawful_basis,
    limited_by,
    starts_at as valid_from,
    lead(starts_at) over (partition by {{ version }} order by starts_at) as valid_to
from changes
