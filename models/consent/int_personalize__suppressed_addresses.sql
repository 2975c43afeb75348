{{
    config(
        materialized="incremental",
        unique_key="evidence_event_id",
        full_refresh=false,
        post_hook="delete from {{ this }} where identifier_hash in (
            select identifier_hash from {{ ref('int_personalize__refusals').render() }} where readmitted_at is null
        )",
    )
}}

-- depends_on: {{ ref("int_personalize__refusals") }}
-- grain: one row per report ever seen for which nothing more may be sent to an address
with

reports as (

    select
        {{ personalize.keyed_hash("'email:' || email") }} as identifier_hash,
        reason,
        suppressed_at,
        evidence_event_id
    from {{ ref("int_personalize__address_reports") }}

)

select
    reports.identifier_hash,
    reports.reason,
    reports.suppressed_at,
    reports.evidence_event_id
from reports
{%- if is_incremental() %}
left join {{ this }} as known
    on reports.evidence_event_id = known.evidence_event_id
{%- endif %}
where {{ personalize.is_latest_run() }}
{%- if is_incremental() %}
    and known.evidence_event_id is null
{%- endif %}
