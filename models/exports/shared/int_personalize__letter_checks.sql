-- grain: one row per person in the audience and limit of every letter that theirs breaks
with

shown as (

    select
        candidates.external_id,
        candidates.valid_until,
        case
            when blocks.product_id is null then 0
            when products.is_recommendable
                and cast(products.price as decimal(18, 2)) = blocks.price
                and coalesce(products.currency, '') = coalesce(blocks.currency, '')
                then 0
            else 1
        end as is_stale
    from {{ ref("personalize__content_blocks") }} as blocks
    inner join {{ ref("int_personalize__audience_candidates") }} as candidates
        on blocks.profile_id = candidates.profile_id
    left join {{ ref("int_personalize__current_products") }} as products
        on blocks.product_id = products.product_id

),

measured as (

    select
        external_id,
        'stale_products' as limit_name,
        sum(is_stale) as measured_value
    from shown
    group by external_id
    union all
    select
        external_id,
        'seconds_past_validity' as limit_name,
        max({{ datediff("valid_until", personalize.as_of(), "second") }}) as measured_value
    from shown
    group by external_id
    union all
    select
        external_id,
        'mail_bytes' as limit_name,
        mail_bytes as measured_value
    from {{ ref("int_personalize__letters") }}

)

select
    measured.external_id,
    measured.limit_name,
    limits.limit_value,
    measured.measured_value
from measured
inner join {{ ref("personalize_esp_limits") }} as limits
    on measured.limit_name = limits.limit_name
    and limits.esp = 'any'
    and limits.object = 'letter'
where measured.measured_value > limits.limit_value
