{%- set block = personalize.parsed_json("block") -%}
{%- set system = personalize.setting("external_id_source_system") or "" -%}
-- grain: one row per mailable profile
with

blocks as (

    select
        profile_id,
        slot,
        position,
        rule_id,
        subject,
        {{ personalize.block_payload() }} as block
    from {{ ref("personalize__content_blocks") }}

),

filled_slots as (

    select
        profile_id,
        slot,
        max(rule_id) as rule_id,
        max(subject) as subject,
        max(block) as single_block,
        {{ personalize.json_array_text(block, "position") }} as all_blocks
    from blocks
    group by 1, 2

),

letters as (

    select
        profile_id,
        {%- for slot, spec in personalize.slots().items() %}
        max(
            case
                when slot = '{{ slot }}' then {{ "all_blocks" if spec.is_list else "single_block" }}
            end
        ) as {{ slot }},
        {%- endfor %}
        max(rule_id) as rule_id,
        max(subject) as subject
    from filled_slots
    group by 1

),

accounts as (

    select
        profile_id,
        min(substr(identifier, {{ system | length + 2 }})) as external_id
    from {{ ref("int_personalize__identity_map") }}
    where identifier_type = 'account'
        and left(identifier, {{ system | length + 1 }})
        = {{ personalize.text_literal(system ~ "|") }}
    group by 1

),

payloads as (

    select
        readers.profile_id,
        readers.email,
        letters.rule_id,
        {{ personalize.letter_payload("readers", "letters") }} as payload
    from {{ ref("int_personalize__mailable_profiles") }} as readers
    inner join letters
        on readers.profile_id = letters.profile_id

)

select
    payloads.profile_id,
    coalesce(accounts.external_id, payloads.profile_id) as external_id,
    payloads.email,
    {{ personalize.keyed_hash("'email:' || payloads.email") }} as email_hash,
    payloads.payload,
    {{ personalize.sha256_hex("payloads.payload") }} as content_hash,
    {{ personalize.valid_until("payloads.rule_id") }} as valid_until
from payloads
left join accounts
    on payloads.profile_id = accounts.profile_id
