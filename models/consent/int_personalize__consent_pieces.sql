{%- set version = "profile_id, channel, purpose, version_number" %}
-- grain: one row per profile, channel, purpose, state of our knowledge and instant from which the
-- latest event decides, or its permission has run out
with

strongest as (

    select
        *,
        min(ends_at) over (partition by {{ version }}, occurred_at) as first_end
    from {{ ref("int_personalize__decisive") }}
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
    inner join {{ ref("int_personalize__decisive") }} as deciding
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

)

select * from given
union all
select * from run_out
