{%- set consent_end = dbt.dateadd("day", "consent_days", "occurred_at") %}
{%- set customer_end = dbt.dateadd("day", "existing_customer_days", "occurred_at") %}
-- grain: one row per profile, channel, purpose, event that speaks of it, and status
-- A grant counts only as far as the rules of the jurisdiction accept it.
with

limited as (

    select
        *,
        case
            when basis is null then null
            when cast(occurred_at as date)
                < cast({{ dbt.dateadd("year", "age_of_consent", "birth_date") }} as date)
                then 'under_age'
            when basis = 'consent' and status = 'granted'
                and (double_opt_in_level = 2 or (double_opt_in_level = 1 and not names_account))
                then 'not_confirmed'
            when basis = 'existing_customer'
                and (purpose <> 'marketing' or existing_customer_days = 0)
                then 'basis_not_accepted'
            when basis = 'legitimate_interest' and opt_in_level = 1 then 'basis_not_accepted'
        end as limited_by,
        case
            when basis = 'consent' and consent_days < {{ personalize.endless_days() }}
                then {{ consent_end }}
            when basis = 'existing_customer'
                and existing_customer_days < {{ personalize.endless_days() }}
                then {{ customer_end }}
        end as rule_ends_at
    from {{ ref("int_personalize__bound_statements") }}
    where counts_where in ('anywhere', 'current address')
        or (counts_where = 'gpc' and gpc_level = 1)
        or (counts_where = 'tcf' and tcf_level = 1)

),

decisions as (

    select
        profile_id,
        email,
        channel,
        purpose,
        evidence_event_id,
        occurred_at,
        case
            when recorded_at > {{ personalize.as_of() }} then {{ personalize.as_of() }}
            else recorded_at
        end as known_at,
        case when limited_by is null then status else 'pending' end as status,
        lawful_basis,
        limited_by,
        {{ personalize.earlier_of("expires_at", "rule_ends_at") }} as ends_at
    from limited

)

select
    profile_id,
    email,
    channel,
    purpose,
    evidence_event_id,
    occurred_at,
    known_at,
    status,
    lawful_basis,
    limited_by,
    case when status in ('granted', 'confirmed') then ends_at end as ends_at,
    case status
        when 'restricted' then 1
        when 'suppressed' then 2
        when 'objected' then 3
        when 'withdrawn' then 4
        when 'denied' then 5
        when 'expired' then 6
        when 'granted' then 7
        when 'confirmed' then 8
        else 9
    end as precedence
from decisions
qualify row_number() over (
        partition by profile_id, channel, purpose, evidence_event_id, status
        order by email nulls last, lawful_basis nulls last
    ) = 1
