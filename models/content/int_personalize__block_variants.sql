-- grain: one row per running experiment, variation and block it shows in another one's place
with

declared as (

    {{ personalize.block_variant_rows() | indent(4) }}

)

select
    experiment_id,
    variation_id,
    slot,
    block_id,
    variant_of
from declared
where (starts_at is null or cast(starts_at as timestamp) <= {{ personalize.as_of() }})
    and (ends_at is null or cast(ends_at as timestamp) > {{ personalize.as_of() }})
