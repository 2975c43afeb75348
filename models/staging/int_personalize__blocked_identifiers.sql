-- grain: one row per identifier that is a placeholder, in its normal form
with

listed as (

    select
        lower({{ personalize.trimmed("identifier_type") }}) as identifier_type,
        {{ personalize.trimmed("identifier") }} as written
    from {{ ref("personalize_blocked_identifiers") }}

),

normalized as (

    select
        identifier_type,
        case
            when identifier_type = 'email' then {{ personalize.normalized_email("written") }}
            when identifier_type = 'phone' then {{ personalize.normalized_phone("written") }}
            when identifier_type = 'first_name' then {{ personalize.normalized_name("written") }}
            when identifier_type = 'anonymous' then lower(written)
            else written
        end as identifier
    from listed

)

select distinct
    identifier_type,
    identifier
from normalized
where identifier is not null
