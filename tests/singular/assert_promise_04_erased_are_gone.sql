{%- set account = personalize.account_of() %}
{%- set json_account = "replace(replace(" ~ personalize.json_value("row_json", "source_system")
    ~ ", '%', '%25'), '|', '%7C') || '|' || " ~ personalize.json_value("row_json", "source_customer_id") %}
{%- set json_email = personalize.trimmed(personalize.json_value("row_json", "email")) %}
{%- set places = [
    ["int_personalize__sightings", "account", "account"],
    ["int_personalize__sightings", "email", "email"],
    ["int_personalize__sightings", "anonymous", "anonymous_id"],
    ["int_personalize__accounts", "account", "account"],
    ["int_personalize__accounts", "email", "email"],
    ["int_personalize__match_keys", "account", "account"],
    ["int_personalize__persons", "account", "account"],
    ["int_personalize__email_owners", "email", "email"],
    ["int_personalize__cookie_owners", "anonymous", "anonymous_id"],
    ["int_personalize__addresses", "email", "email"],
    ["int_personalize__held_addresses", "email", "email"],
    ["int_personalize__blocked_by_rejection", "email", "email"],
    ["int_personalize__blocked_by_rejection", "account", "account"],
    ["int_personalize__consent_decisions", "email", "email"],
    ["int_personalize__suppressions", "email", "email"],
    ["int_personalize__permissions", "email", "email"],
    ["personalize__profiles", "email", "email"],
    ["personalize__rejected_rows", "account", json_account],
    ["personalize__rejected_rows", "email", personalize.normalized_email(json_email)],
    ["personalize__rejected_rows", "anonymous", personalize.json_value("row_json", "anonymous_id")],
] %}
-- Promise 4: no table of staging, identity, consent or profiles holds an identifier of somebody
-- who was erased and not readmitted, nor of somebody readmitted anything from before the erasure.
with

present as (

    {%- for input, table in personalize.input_contract().items() %}
    {%- for type, identifier in personalize.refusable_identifiers(table.columns).items() %}
    select
        'int_personalize__checked_{{ input }}' as place,
        '{{ type }}' as identifier_type,
        {{ identifier }} as identifier,
        min(case when typed.row_status = 'kept' then typed.{{ table.time }} end) as happened_at
    from {{ ref("int_personalize__checked_" ~ input) }} as typed
    group by 1, 2, 3
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for place, type, identifier in places %}
    select
        '{{ place }}' as place,
        '{{ type }}' as identifier_type,
        {{ identifier }} as identifier,
        cast(null as timestamp) as happened_at
    from {{ ref(place) }}
    group by 1, 2, 3
    union all
    {%- endfor %}
    select
        'int_personalize__identity_map' as place,
        identifier_type,
        identifier,
        cast(null as timestamp) as happened_at
    from {{ ref("int_personalize__identity_map") }}

),

hashed as (

    select
        place,
        happened_at,
        {{ personalize.keyed_hash("identifier_type || ':' || identifier") }} as identifier_hash
    from present
    where identifier is not null
    union all
    select
        'int_personalize__identity_registry' as place,
        cast(null as timestamp) as happened_at,
        identifier_hash
    from {{ ref("int_personalize__identity_registry") }}

)

select
    hashed.place,
    hashed.identifier_hash,
    hashed.happened_at,
    refusals.erased_at,
    refusals.readmitted_at
from hashed
inner join {{ ref("int_personalize__refusals") }} as refusals
    on hashed.identifier_hash = refusals.identifier_hash
where refusals.readmitted_at is null
    or hashed.happened_at <= refusals.erased_at
