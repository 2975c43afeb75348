-- Once per account, by whoever may create roles and warehouses. Four roles, each with the least it needs:
--   TRANSFORMER  builds: reads the raw tables, owns the schema of the package
--   ESP_READER   the e-mail platform: reads the exports, nothing else
--   ANALYST      reads the public models; columns tagged pii are masked
--   PII_READER   granted beside ANALYST: sees them
use role securityadmin;
create role if not exists transformer;
create role if not exists esp_reader;
create role if not exists analyst;
create role if not exists pii_reader;

use role sysadmin;
create database if not exists analytics;
create schema if not exists analytics.personalize_raw;
create schema if not exists analytics.personalize;
create warehouse if not exists transforming
    warehouse_size = 'XSMALL' auto_suspend = 60 auto_resume = true initially_suspended = true
    statement_timeout_in_seconds = 7200;
create warehouse if not exists transforming_large
    warehouse_size = 'LARGE' auto_suspend = 60 auto_resume = true initially_suspended = true
    statement_timeout_in_seconds = 7200;
create warehouse if not exists training
    warehouse_type = 'SNOWPARK-OPTIMIZED' warehouse_size = 'MEDIUM'
    auto_suspend = 60 auto_resume = true initially_suspended = true
    statement_timeout_in_seconds = 7200;
create warehouse if not exists serving
    warehouse_size = 'XSMALL' auto_suspend = 60 auto_resume = true initially_suspended = true
    statement_timeout_in_seconds = 3600;

use role securityadmin;
grant usage on warehouse transforming to role transformer;
grant usage on warehouse transforming_large to role transformer;
grant usage on warehouse training to role transformer;
grant usage on warehouse serving to role esp_reader;
grant usage on warehouse serving to role analyst;
grant usage on database analytics to role transformer;
grant usage on database analytics to role esp_reader;
grant usage on database analytics to role analyst;
grant usage on schema analytics.personalize_raw to role transformer;
grant select on all tables in schema analytics.personalize_raw to role transformer;
grant select on future tables in schema analytics.personalize_raw to role transformer;
grant usage, create table, create view, create procedure, create dynamic table, create task
    on schema analytics.personalize to role transformer;
grant usage on schema analytics.personalize to role esp_reader;
grant usage on schema analytics.personalize to role analyst;

-- The robot that builds. Its public key comes from the pair that docs/snowflake.md makes; it has no password.
create user if not exists personalize_builder
    type = service
    default_role = transformer
    default_warehouse = transforming
    rsa_public_key = '<the lines of personalize_key.pub, joined>';
grant role transformer to user personalize_builder;
