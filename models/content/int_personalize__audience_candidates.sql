{%- set slots = personalize.slots() %}
{%- set block = {"price": "coalesce(cast(price as varchar), '')"} %}
{%- for column in [
    "block_id", "product_id", "title", "headline", "body", "call_to_action", "url", "image_url", "image_alt", "currency",
    "reason_code", "reason_text",
] %}{% do block.update({column: "coalesce(" ~ column ~ ", '')"}) %}{% endfor %}
{%- set letter = {
    "first_name": "coalesce(readers.first_name, '')",
    "locale": "readers.locale",
    "rule_id": "coalesce(letters.rule_id, 'regular')",
    "subject": "letters.subject",
} %}
{%- for slot in slots %}{% do letter.update({slot: personalize.parsed_json("letters." ~ slot)}) %}{% endfor %}
{%- set system = personalize.setting("external_id_source_system") -%}
-- grain: one row per mailable profile
with

blocks as (

    select
        profile_id,
        slot,
        position,
        rule_id,
        subject,
        {{ personalize.json_object_text(block) }} as block
    from {{ ref("personalize__content_blocks") }}

),

{% for slot, spec in slots.items() if spec.is_list %}
{{ slot }}_blocks as (

    select
        profile_id,
        {{ personalize.json_array_text(personalize.parsed_json("block"), "position") }} as blocks
    from blocks
    where slot = '{{ slot }}'
    group by 1

),
{% endfor %}
letters as (

    select
        blocks.profile_id,
        max(blocks.rule_id) as rule_id,
        max(blocks.subject) as subject,
        {%- for slot, spec in slots.items() %}
        max({{ slot ~ "_blocks.blocks" if spec.is_list else "case when blocks.slot = '" ~ slot ~ "' then blocks.block end" }}) as {{ slot }}{{ "," if not loop.last }}
        {%- endfor %}
    from blocks
    {%- for slot, spec in slots.items() if spec.is_list %}
    inner join {{ slot }}_blocks
        on blocks.profile_id = {{ slot }}_blocks.profile_id
    {%- endfor %}
    group by 1

),

accounts as (

    select
        profile_id,
        min(substr(identifier, {{ (system or "") | length + 2 }})) as external_id
    from {{ ref("int_personalize__identity_map") }}
    where identifier_type = 'account'
        and left(identifier, {{ (system or "") | length + 1 }}) = {{ personalize.text_literal((system or "") ~ "|") }}
    group by 1

),

payloads as (

    select
        readers.profile_id,
        readers.email,
        {{ personalize.json_object_text(letter) }} as payload
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
    cast({{ dateadd("hour", personalize.setting("content_valid_hours"), personalize.as_of()) }} as timestamp) as valid_until
from payloads
left join accounts
    on payloads.profile_id = accounts.profile_id
