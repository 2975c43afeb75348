-- For Braze Cloud Data Ingestion (Data Settings > Cloud Data Ingestion > Snowflake): three syncs, each on one of
-- these views, with the role ESP_READER and the warehouse SERVING. Braze takes rows whose UPDATED_AT is later than the
-- last one it saw, so the views add no clock. A view with new names keeps a sync alive through a change of version:
-- point the view at the new table and leave the sync as it is.
create or replace view analytics.personalize.braze_users as
select
    updated_at,
    external_id,
    payload
from analytics.personalize.export_personalize__braze_users;

create or replace view analytics.personalize.braze_products as
select
    updated_at,
    id,
    payload,
    deleted
from analytics.personalize.export_personalize__braze_catalog;

create or replace view analytics.personalize.braze_deletes as
select
    updated_at,
    external_id
from analytics.personalize.export_personalize__braze_deletes;

grant select on view analytics.personalize.braze_users to role esp_reader;
grant select on view analytics.personalize.braze_products to role esp_reader;
grant select on view analytics.personalize.braze_deletes to role esp_reader;
