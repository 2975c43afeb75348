-- grain: one row per profile, channel, purpose, event that speaks of it, status and place where it
-- counts, with the strictest rules
-- An opt-out by address binds all its holders. What takes away holds at once, what gives holds
-- from when we knew of it.
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

)

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
