-- For Customer.io (Data & Integrations > Integrations > Snowflake, reverse ETL): the query of a People sync. Each row
-- is a person, each column an attribute; Snowflake's names are upper-case, so every column says its own. Customer.io
-- replaces the variable in the last line by the time of the last sync, in seconds.
select
    external_id as "id",
    email as "email",
    parse_json(payload):first_name::varchar as "first_name",
    parse_json(payload):locale::varchar as "locale",
    parse_json(payload):rule_id::varchar as "personalize_rule",
    parse_json(payload):subject::varchar as "personalize_subject",
    parse_json(payload):hero as "personalize_hero",
    parse_json(payload):showcase as "personalize_products",
    date_part(epoch_second, valid_until) as "personalize_valid_until"
from analytics.personalize.personalize__audience
where updated_at > to_timestamp_ntz({{last_sync_time}});

-- A second People sync: who left the audience loses what was theirs and keeps the rest of the profile.
select
    external_id as "id",
    '' as "personalize_rule",
    '' as "personalize_subject",
    parse_json('{}') as "personalize_hero",
    parse_json('[]') as "personalize_products",
    0 as "personalize_valid_until"
from analytics.personalize.personalize__tombstones
where removed_at > to_timestamp_ntz({{last_sync_time}});
