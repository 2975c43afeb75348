{%- set consent_end = dbt.dateadd("day", "consent_days", "occurred_at") %}
{%- set customer_end = dbt.dateadd("day", "existing_customer_days", "occurred_at") %}
-- grain: one row per profile, channel, purpose, event that speaks of it, and status
-- An opt-out by address binds all its holders. What takes away holds at once, what gives holds
-- from when we knew of it, and only as far as the rules of the jurisdiction accept it.
with

bound as (

    select
        statements.*,
        statements.profile_id as bound_profile_id
    from {{ ref("int_personalize__consent_statements") }} as statements
    where statements.profile_id is not null
        and (
            statements.status in {{ personalize.opt_out_statuses() }}
            or statements.recorded_at <= {{ personalize.as_of() }}
        )
    union
    select
        statements.*,
        held.profile_id as bound_profile_id
    from {{ ref("int_personalize__consent_statements") }} as statements
    inner join {{ ref("int_personalize__held_addresses") }} as held
        on statements.email = held.email
    left join {{ ref("int_personalize__addresses") }} as addresses
        on held.profile_id = addresses.profile_id
        and held.email = addresses.email
    where statements.status in {{ personalize.opt_out_statuses() }}
        and (statements.counts_where <> 'current address' or addresses.profile_id is not null)

),

channels as (

    select distinct channel
    from bound
    where channel <> 'all'
    union
    select 'email' as channel

),

event_rules as (

    select
        names.jurisdiction_name,
        rules.*
    from {{ ref("personalize_jurisdiction_names") }} as names
    inner join {{ ref("int_personalize__jurisdiction_rules") }} as rules
        on names.jurisdiction = rules.jurisdiction

),

ruled as (

    select
        bound.bound_profile_id as profile_id,
        bound.email,
        channels.channel,
        bound.purpose,
        bound.evidence_event_id,
        bound.occurred_at,
        bound.recorded_at,
        bound.status,
        bound.lawful_basis,
        bound.names_account,
        bound.expires_at,
        bound.counts_where,
        profile_rules.birth_date,
        case
            when bound.status not in ('granted', 'confirmed') then null
            when bound.lawful_basis is null then 'consent'
            else coalesce(bases.lawful_basis, 'legitimate_interest')
        end as basis,
        {{ personalize.stricter("event_rules", "profile_rules", "opt_in_level") }}
            as opt_in_level,
        {{ personalize.stricter("event_rules", "profile_rules", "double_opt_in_level") }}
            as double_opt_in_level,
        {{ personalize.stricter("event_rules", "profile_rules", "age_of_consent") }}
            as age_of_consent,
        {{ personalize.stricter("event_rules", "profile_rules", "consent_days") }}
            as consent_days,
        {{ personalize.stricter("event_rules", "profile_rules", "existing_customer_days") }}
            as existing_customer_days,
        {{ personalize.stricter("event_rules", "profile_rules", "gpc_level") }}
            as gpc_level,
        {{ personalize.stricter("event_rules", "profile_rules", "tcf_level") }}
            as tcf_level
    from bound
    inner join channels
        on bound.channel = channels.channel
        or bound.channel = 'all'
    left join {{ ref("int_personalize__profile_rules") }} as profile_rules
        on bound.bound_profile_id = profile_rules.profile_id
    left join {{ ref("personalize_jurisdiction_names") }} as known_names
        on bound.jurisdiction_name = known_names.jurisdiction_name
    left join event_rules
        on event_rules.jurisdiction_name = case
            when bound.jurisdiction_name is not null
                then coalesce(known_names.jurisdiction_name, 'unknown')
            when profile_rules.opt_in_level is null then 'unknown'
        end
    left join {{ ref("personalize_lawful_bases") }} as bases
        on bound.lawful_basis = bases.lawful_basis_name

),

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
    from ruled
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
