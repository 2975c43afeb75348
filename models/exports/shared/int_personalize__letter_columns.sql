{%- set columns = personalize.wide_columns().keys() | list %}
{%- set all_columns = personalize.named(["external_id", "email"] + columns) %}
{%- set hashed = personalize.json_object_text(all_columns) %}
-- grain: one row per person in the audience, with the letter in one column per field
with

blocks as (

    select
        {{ personalize.wide_block_columns() }},
        profile_id
    from {{ ref("int_personalize__letter_blocks") }}
    group by profile_id

),

flat as (

    select
        letters.external_id,
        letters.profile_id,
        letters.email,
        {%- for field in personalize.letter_fields() %}
        letters.{{ field }},
        {%- endfor %}
        {%- for place, slot, position, fields in personalize.wide_places() %}
        {%- for field in fields %}
        blocks.{{ place }}_{{ field }},
        {%- endfor %}
        {%- endfor %}
        letters.longest_text
    from {{ ref("int_personalize__letters") }} as letters
    inner join blocks
        on letters.profile_id = blocks.profile_id

)

select
    external_id,
    profile_id,
    email,
    md5(lower(email)) as email_md5,
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    {{ personalize.sha256_hex(hashed) }} as content_hash,
    {{ personalize.byte_length(hashed) }}
    + {{ 12 * columns | length }} as record_bytes, -- a platform's names begin with personalize_
    {{ columns | length }} as field_count,
    longest_text,
    greatest(
        {%- for column in columns %}
        {{ personalize.byte_length(column) }}{{ "," if not loop.last }}
        {%- endfor %}
    ) as longest_bytes
from flat
