{{ config(**personalize.kept_table("account", "content_hash is null")) }}

{%- set columns = ["is_customer", "email", "phone", "first_name", "birth_date", "first_seen_at"] %}
-- depends_on: {{ ref("int_personalize__blocked_identifiers") }}
-- grain: one row per account (source system and customer id) that any input names
-- spelt anew are only those of whom the inputs say something else than last time
with

{{ personalize.match_reference(has_nicknames=false) }},

customers as (

    select
        {{ personalize.account_of() }} as account,
        max(case when is_current then email end) as email,
        max(case when is_current then phone end) as phone,
        max(case when is_current then first_name end) as first_name,
        max(case when is_current then birth_date end) as birth_date,
        min(coalesce(created_at, updated_at)) as first_seen_at
    from {{ ref("stg_personalize__customers") }}
    group by 1

),

{{ personalize.account_sayings("customers", ref("int_personalize__sightings")) }},

sayings as (

    select
        account_sayings.*,
        {{ personalize.fingerprint(
            columns + [personalize.spelling_fingerprint(), "reference.digest"]
        ) }} as content_hash
    from account_sayings
    cross join reference

),

{{ personalize.moved_rows("sayings", this if is_incremental() else none, columns) }},

{{ personalize.known_accounts("moved_rows", ["content_hash"]) }}

select
    account,
    is_customer,
    email,
    phone,
    first_name,
    birth_date,
    first_seen_at,
    content_hash
from known_accounts
