-- grain: one row per input row, purpose, status and place where it counts, before any rule
with

events as (

    select
        'consent_events:' || events.event_id as evidence_event_id,
        events.occurred_at,
        coalesce(events.recorded_at, events.occurred_at) as recorded_at,
        events.email,
        events.profile_id,
        events.source_customer_id is not null as names_account,
        coalesce(
            channels.channel,
            case when events.status in {{ personalize.opt_out_statuses() }} then 'all' end,
            events.channel
        ) as channel,
        events.purpose,
        events.status,
        lower(events.lawful_basis) as lawful_basis,
        lower(events.jurisdiction) as jurisdiction_name,
        events.expires_at,
        coalesce(events.gpc, false) as gpc,
        events.tcf_string
    from {{ ref("int_personalize__resolved_consent_events") }} as events
    left join {{ ref("personalize_channels") }} as channels
        on events.channel = channels.channel_name

),

signals as (

    select
        events.*,
        'third_party_data' as denied_purpose,
        'gpc' as signal,
        'anywhere' as counts_where
    from events
    where events.gpc
    union all
    select
        events.*,
        'personalization' as denied_purpose,
        'gpc' as signal,
        'gpc' as counts_where
    from events
    where events.gpc
    union all
    select
        events.*,
        purposes.purpose as denied_purpose,
        'tcf' as signal,
        'tcf' as counts_where
    from events
    inner join {{ ref("personalize_tcf_purposes") }} as purposes
        on events.tcf_string is not null
    where not {{ personalize.tcf_consents(
        "events.tcf_string", "cast(purposes.character_number as integer)", "cast(purposes.bit_value as integer)"
    ) }}

)

select
    evidence_event_id,
    occurred_at,
    recorded_at,
    email,
    profile_id,
    names_account,
    channel,
    purpose,
    status,
    lawful_basis,
    jurisdiction_name,
    expires_at,
    'anywhere' as counts_where
from events
union
select
    evidence_event_id,
    occurred_at,
    recorded_at,
    email,
    profile_id,
    names_account,
    'all' as channel,
    denied_purpose as purpose,
    'denied' as status,
    signal as lawful_basis,
    jurisdiction_name,
    cast(null as timestamp) as expires_at,
    counts_where
from signals
union
select
    'privacy_requests:' || requests.request_id as evidence_event_id,
    requests.requested_at as occurred_at,
    requests.requested_at as recorded_at,
    requests.email,
    requests.profile_id,
    requests.source_customer_id is not null as names_account,
    'all' as channel,
    effects.purpose,
    effects.status,
    requests.request_type as lawful_basis,
    cast(null as varchar) as jurisdiction_name,
    cast(null as timestamp) as expires_at,
    'anywhere' as counts_where
from {{ ref("int_personalize__resolved_privacy_requests") }} as requests
inner join {{ ref("personalize_privacy_request_effects") }} as effects
    on requests.request_type = effects.request_type
union
select
    evidence_event_id,
    suppressed_at as occurred_at,
    suppressed_at as recorded_at,
    email,
    cast(null as varchar) as profile_id,
    false as names_account,
    'email' as channel,
    'marketing' as purpose,
    'suppressed' as status,
    reason as lawful_basis,
    cast(null as varchar) as jurisdiction_name,
    cast(null as timestamp) as expires_at,
    case when reason in ('complaint', 'unsubscribe') then 'anywhere' else 'current address' end
        as counts_where
from {{ ref("int_personalize__suppression_reports") }}
