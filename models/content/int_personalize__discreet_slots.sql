-- grain: one row per mailable profile, slot and position, with the reason that may be told
with

judged as (

    select
        filled.*,
        sensitive.product_id is not null as is_sensitive,
        filled.reason_code is not null
        and not {{ personalize.is_listed("filled.reason_code", "impersonal_reasons") }}
        and sensitive.product_id is null as tells_of_person,
        case when secret.product_id is null then filled.evidence_product_id end
            as speakable_evidence_product_id
    from {{ ref("int_personalize__filled_slots") }} as filled
    left join {{ ref("int_personalize__sensitive_products") }} as sensitive
        on filled.product_id = sensitive.product_id
    left join {{ ref("int_personalize__sensitive_products") }} as secret
        on filled.evidence_product_id = secret.product_id

),

counted as (

    select
        *,
        sum(case when tells_of_person then 1 else 0 end) over (
            partition by profile_id
            order by slot, position
            rows between unbounded preceding and current row
        ) as facts
    from judged

),

limited as (

    select
        *,
        reason_code is not null
        and (is_sensitive or tells_of_person)
        and (is_sensitive or facts > {{ personalize.setting("max_personal_facts") }}) as is_untold
    from counted

)

select
    profile_id,
    slot,
    position,
    rule_id,
    experiment_id,
    variation_id,
    block_id,
    product_id,
    is_sensitive,
    case when is_untold then 'recommended' else reason_code end as reason_code,
    case when not is_untold then speakable_evidence_product_id end as evidence_product_id,
    model_version,
    fallback_depth
from limited
