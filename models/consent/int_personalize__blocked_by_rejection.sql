{%- set inputs = {
    "consent_events": [
        "channel || '|' || purpose || '|' || cast(coalesce(gpc, false) as varchar)",
        "coalesce(status in ('withdrawn', 'denied', 'expired') or gpc, false)",
        "occurred_at",
    ],
    "email_events": [
        "event_type",
        "coalesce(event_type in ('hard_bounce', 'complaint', 'unsubscribe'), false)",
        "occurred_at",
    ],
    "privacy_requests": ["request_type", "coalesce(request_type <> 'access', false)", "requested_at"],
} %}
-- grain: one row per e-mail or account named by a rejected consent, e-mail or privacy row that
-- no kept row stands for
with

judged as (

    {%- for input, (subject, is_opt_out, time) in inputs.items() %}
    select
        '{{ input }}' as source_table,
        record_id,
        email,
        {%- if input == "email_events" %}
        cast(null as varchar) as account,
        {%- else %}
        {{ personalize.account_of() }} as account,
        {%- endif %}
        {{ subject }} as subject,
        {{ is_opt_out }} as is_opt_out,
        {{ time }} as happened_at,
        row_status,
        reject_reason
    from {{ ref("int_personalize__checked_" ~ input) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

rejected as (

    select *
    from judged
    where row_status = 'rejected'
        and reject_reason <> 'erased'

),

kept as (

    select *
    from judged
    where row_status = 'kept'

)

select distinct
    rejected.email,
    rejected.account
from rejected
left join kept
    on rejected.reject_reason like 'duplicate%'
    and rejected.source_table = kept.source_table
    and rejected.record_id = kept.record_id
    and rejected.email is not distinct from kept.email
    and rejected.account is not distinct from kept.account
    and (
        not rejected.is_opt_out
        or (rejected.subject = kept.subject and rejected.happened_at <= kept.happened_at)
    )
where kept.record_id is null
    and (rejected.email is not null or rejected.account is not null)
