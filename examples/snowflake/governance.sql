-- Once, by whoever may make policies: a tag, and what a column with it shows to whom. The package tags the columns
-- itself after every build (variable personalize_governance); the policies hang on the tag, not on the columns.
use role sysadmin;
create tag if not exists analytics.personalize.privacy allowed_values 'pii', 'quasi', 'none';

create or replace masking policy analytics.personalize.hide_text as (value varchar) returns varchar ->
    case
        when is_role_in_session('PII_READER') or is_role_in_session('TRANSFORMER') then value
        when is_role_in_session('ESP_READER') then value
        when system$get_tag_on_current_column('analytics.personalize.privacy') = 'pii' then '*****'
        else value
    end;

create or replace masking policy analytics.personalize.hide_date as (value date) returns date ->
    case
        when is_role_in_session('PII_READER') or is_role_in_session('TRANSFORMER') then value
        when system$get_tag_on_current_column('analytics.personalize.privacy') = 'pii' then date_trunc('year', value)
        else value
    end;

alter tag analytics.personalize.privacy set
    masking policy analytics.personalize.hide_text,
    masking policy analytics.personalize.hide_date;

-- Rows by country: an analyst sees the countries that this table gives to one of their roles.
create table if not exists analytics.personalize.countries_of_roles (
    role_name varchar not null,
    country varchar not null
);

create or replace row access policy analytics.personalize.by_country as (row_country varchar) returns boolean ->
    is_role_in_session('TRANSFORMER')
    or is_role_in_session('ESP_READER')
    or exists (
        select 1
        from analytics.personalize.countries_of_roles as allowed
        where is_role_in_session(allowed.role_name)
            and allowed.country = row_country
    );

-- The builder sets the tag and creates tables under the row policy.
grant apply on tag analytics.personalize.privacy to role transformer;
grant apply on row access policy analytics.personalize.by_country to role transformer;
