{%- set inputs = {
    "orders": "ordered_at",
    "web_events": "occurred_at",
    "email_events": "occurred_at",
    "consent_events": "occurred_at",
    "privacy_requests": "requested_at",
    "audience_segments": "valid_from",
} %}
-- grain: one row per combination of account, e-mail and anonymous id seen together on records
-- other than customers
with

seen as (

    {%- for input, time in inputs.items() %}
    select
        {%- if input == "email_events" %}
        cast(null as varchar) as account,
        {%- else %}
        {{ personalize.account_of() }} as account,
        {%- endif %}
        email,
        {{ "anonymous_id" if input == "web_events" else "cast(null as varchar)" }} as anonymous_id,
        min({{ time }}) as first_seen_at
    from {{ ref("stg_personalize__" ~ input) }}
    group by 1, 2, 3
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    account,
    email,
    anonymous_id,
    min(first_seen_at) as first_seen_at
from seen
where account is not null
    or email is not null
    or anonymous_id is not null
group by 1, 2, 3
