-- grain: one row per profile that is not mailed, with the first reason that applies
select
    cast(profile_id as varchar) as profile_id,
    cast(reason as varchar) as reason
from {{ ref("int_personalize__exclusion_reasons") }}
where reason is not null
