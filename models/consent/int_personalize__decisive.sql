{%- set version = "profile_id, channel, purpose, version_number" %}
-- grain: as int_personalize__known_decisions, without what is pending once anything was decided
select
    profile_id,
    channel,
    purpose,
    version_number,
    evidence_event_id,
    email,
    occurred_at,
    status,
    lawful_basis,
    limited_by,
    ends_at,
    precedence
from {{ ref("int_personalize__known_decisions") }}
qualify status <> 'pending'
    or coalesce(
        occurred_at < min(case when status <> 'pending' then occurred_at end)
            over (partition by {{ version }}),
        true
    )
