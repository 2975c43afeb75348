{{ config(materialized="view") }}

-- grain: one row per external id that left the audience and has not come back
select
    cast(external_id as varchar) as external_id,
    cast(email_hash as varchar) as email_hash,
    cast(reason as varchar) as reason,
    cast(updated_at as timestamp) as removed_at
from {{ ref("int_personalize__audience_state") }}
where not is_live
