-- grain: one row per profile with an account whose last change of loyalty tier was upwards
with

versions as (

    select
        source_system,
        source_customer_id,
        updated_at,
        {{ personalize.tier_rank("loyalty_tier") | indent(8) }} as tier_rank
    from {{ ref("stg_personalize__customers") }}

),

changes as (

    select
        {{ personalize.account_of("versions") }} as account,
        versions.updated_at,
        versions.tier_rank,
        lag(versions.tier_rank) over (
            partition by versions.source_system, versions.source_customer_id
            order by versions.updated_at
        ) as rank_before
    from versions
    where versions.tier_rank is not null

),

last_changes as (

    select
        account,
        updated_at,
        tier_rank > rank_before as is_upgrade
    from changes
    where tier_rank <> rank_before
    qualify row_number() over (partition by account order by updated_at desc) = 1

)

select
    identity_map.profile_id,
    max(last_changes.updated_at) as tier_upgraded_at
from last_changes
inner join {{ ref("int_personalize__identity_map") }} as identity_map
    on identity_map.identifier_type = 'account'
    and last_changes.account = identity_map.identifier
where last_changes.is_upgrade
group by 1
