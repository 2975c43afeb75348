-- The daily run as a Snowflake task: dbt inside Snowflake, on a schedule, one run at a time. The project object is
-- made from a stage of your Git repository or a workspace that holds your dbt project with this package installed.
use role transformer;
create or replace dbt project analytics.personalize.shop
    from '@analytics.personalize.shop_repository/branches/main/';

create or replace task analytics.personalize.daily
    warehouse = transforming
    schedule = 'USING CRON 0 4 * * * UTC'
    allow_overlapping_execution = false
    suspend_task_after_num_failures = 3
    user_task_timeout_ms = 7200000
as
    execute dbt project analytics.personalize.shop args = 'build --target snowflake';

alter task analytics.personalize.daily resume;

-- What a run has cost, by model: dbt signs every statement with a comment that names the model.
select
    get(try_parse_json(regexp_substr(query_text, '[{]"app": "dbt".*[}]')), 'node_id') as node_id,
    count(*) as statements,
    sum(total_elapsed_time) / 1000 as seconds,
    sum(bytes_scanned) / 1e9 as gigabytes_scanned
from snowflake.account_usage.query_history
where query_tag = 'personalize'
    and start_time > dateadd('day', -1, current_timestamp())
group by 1
order by seconds desc;
