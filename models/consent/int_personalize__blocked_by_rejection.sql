{%- set inputs = ["consent_events", "email_events", "privacy_requests"] %}
-- grain: one row per e-mail or account named by a rejected consent, e-mail or privacy row that no kept row stands for
with

rejections as (

    {%- for input in inputs %}
    select
        '{{ input }}' as source_table,
        record_id,
        email,
        {{ personalize.account_of() if input != "email_events" else "cast(null as varchar)" }} as account,
        reject_reason
    from {{ ref("int_personalize__checked_" ~ input) }}
    where row_status = 'rejected'
        and reject_reason <> 'erased'
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

kept as (

    {%- for input in inputs %}
    select
        '{{ input }}' as source_table,
        record_id,
        email,
        {{ personalize.account_of() if input != "email_events" else "cast(null as varchar)" }} as account
    from {{ ref("int_personalize__checked_" ~ input) }}
    where row_status = 'kept'
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select distinct
    rejections.email,
    rejections.account
from rejections
left join kept
    on rejections.reject_reason like 'duplicate%'
    and rejections.source_table = kept.source_table
    and rejections.record_id = kept.record_id
    and rejections.email is not distinct from kept.email
    and rejections.account is not distinct from kept.account
where kept.record_id is null
    and (rejections.email is not null or rejections.account is not null)
