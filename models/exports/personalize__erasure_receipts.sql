{%- set feeds = personalize.erasure_feeds() %}
-- grain: one row per erased person and system that may have held them
-- an account that was joined by likeness and erased with its person has rows of its own
with

likely as (

    select
        erased_with,
        person_key,
        max(erased_at) as erased_at,
        max(match_probability) as match_probability
    from {{ ref("int_personalize__refusals") }}
    where erased_with is not null
    group by erased_with, person_key

),

erased as (

    select
        profile_id,
        person_key,
        erased_at,
        cast(null as double) as match_probability
    from {{ ref("int_personalize__erased_profiles") }}
    union all
    select
        profiles.profile_id,
        likely.person_key,
        likely.erased_at,
        likely.match_probability
    from likely
    inner join {{ ref("int_personalize__erased_profiles") }} as profiles
        on likely.erased_with = profiles.person_key

),

exported as (

    select
        profile_id,
        external_id
    from {{ ref("int_personalize__audience_state") }}

),

told as (

    {%- for system, spec in feeds.items() %}
    select
        '{{ system }}' as system,
        {{ spec.key }} as external_id,
        min(updated_at) as told_at
    from {{ ref(spec.feed) }}
    where {{ spec.told }}
    group by {{ spec.key }}
    union all
    {%- endfor %}
    select
        cast(null as varchar) as system,
        cast(null as varchar) as external_id,
        cast(null as timestamp) as told_at
    where false

),

systems as (

    {%- for system in feeds %}
    select '{{ system }}' as system
    union all
    {%- endfor %}
    select cast(null as varchar) as system
    where false

),

confirmed as (

    {{ personalize.deletion_log() }}

)

select
    cast(erased.person_key as varchar) as request_hash,
    cast(erased.profile_id as varchar) as profile_id,
    cast(erased.match_probability as double) as match_probability,
    cast(erased.erased_at as timestamp) as requested_at,
    cast(systems.system as varchar) as system,
    cast(told.external_id as varchar) as external_id,
    cast(told.told_at as timestamp) as told_at,
    cast(confirmed.deleted_at as timestamp) as confirmed_at,
    cast(
        case
            when confirmed.deleted_at is not null then 'confirmed'
            when told.told_at is not null then 'told'
            when exported.external_id is not null then 'to be told'
            else 'never exported'
        end as varchar
    ) as outcome
from erased
cross join systems
left join exported
    on erased.profile_id = exported.profile_id
left join told
    on systems.system = told.system
    and exported.external_id = told.external_id
left join confirmed
    on systems.system = confirmed.system
    and told.external_id = confirmed.external_id
    and told.told_at <= confirmed.deleted_at
