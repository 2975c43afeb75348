{%- set version = "profile_id, channel, purpose, version_number" %}
-- grain: one row per profile, channel, purpose, state of our knowledge and period in which one
-- decision holds
with

deciding as (

    select *
    from {{ ref("int_personalize__known_decisions") }}
    qualify status <> 'pending'
        or coalesce(
            occurred_at < min(case when status <> 'pending' then occurred_at end)
                over (partition by {{ version }}),
            true
        )

),

strongest as (

    select
        *,
        min(ends_at) over (partition by {{ version }}, occurred_at) as first_end
    from deciding
    qualify row_number() over (
            partition by {{ version }}, occurred_at
            order by precedence, evidence_event_id
        ) = 1

),

reigning as (

    select
        *,
        lead(occurred_at) over (partition by {{ version }} order by occurred_at) as next_at
    from strongest

),

given as (

    select
        {{ version }},
        evidence_event_id,
        occurred_at as decided_at,
        status,
        lawful_basis,
        limited_by,
        occurred_at as starts_at
    from reigning
    where status not in ('granted', 'confirmed')
        or coalesce(first_end > occurred_at, true)

),

run_out as (

    select
        deciding.profile_id,
        deciding.channel,
        deciding.purpose,
        deciding.version_number,
        deciding.evidence_event_id,
        deciding.occurred_at as decided_at,
        'expired' as status,
        deciding.lawful_basis,
        deciding.limited_by,
        case
            when deciding.ends_at > deciding.occurred_at then deciding.ends_at
            else deciding.occurred_at
        end as starts_at
    from reigning
    inner join deciding
        on {{ personalize.same_version("reigning", "deciding") }}
        and reigning.occurred_at = deciding.occurred_at
        and reigning.first_end = deciding.ends_at
    where reigning.status in ('granted', 'confirmed')
        and coalesce(reigning.first_end < reigning.next_at, true)
    qualify row_number() over (
            partition by
                deciding.profile_id, deciding.channel, deciding.purpose, deciding.version_number,
                deciding.occurred_at
            order by deciding.precedence, deciding.evidence_event_id
        ) = 1

),

pieces as (

    select * from given
    union all
    select * from run_out

),

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
    from deciding as blocks
    left join deciding as confirmations
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
    from pieces
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
