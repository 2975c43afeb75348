-- grain: one row per release with noise
with

releases as (

    select
        released_at,
        max(epsilon) as epsilon,
        count(*) as cells
    from {{ ref("int_personalize__published_releases") }}
    group by released_at

)

select
    cast(released_at as timestamp) as released_at,
    cast(cells as bigint) as cells,
    cast(epsilon as double) as epsilon,
    cast(sum(epsilon) over (
        order by released_at
        rows between unbounded preceding and current row
    ) as double) as epsilon_spent,
    cast({{ personalize.setting("publish_epsilon_total") }} as double) as epsilon_total
from releases
