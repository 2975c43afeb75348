"""The daily run in Airflow: Cosmos turns every dbt model and test into a task.

Needs astronomer-cosmos and apache-airflow-providers-snowflake; the connection snowflake_personalize
holds account, user, role and private key. A model's tests run right after it, as in dbt build, so a
promise that fails stops the exports behind it.
"""

from datetime import datetime, timedelta

from cosmos import DbtDag, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import LoadMode, TestBehavior
from cosmos.profiles import SnowflakePrivateKeyPemProfileMapping

PROJECT = "/usr/local/airflow/dbt/shop"

personalize_daily = DbtDag(
    dag_id="personalize_daily",
    schedule="0 4 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    project_config=ProjectConfig(PROJECT, install_dbt_deps=True),
    # One instant for all tasks of a run: each starts dbt anew.
    operator_args={"vars": {"as_of": "{{ data_interval_end.strftime('%Y-%m-%d %H:%M:%S') }}"}},
    profile_config=ProfileConfig(
        profile_name="shop",
        target_name="snowflake",
        profile_mapping=SnowflakePrivateKeyPemProfileMapping(
            conn_id="snowflake_personalize",
            profile_args={
                "database": "ANALYTICS",
                "schema": "PERSONALIZE",
                "warehouse": "TRANSFORMING",
                "query_tag": "personalize",
            },
        ),
    ),
    render_config=RenderConfig(load_method=LoadMode.DBT_LS, test_behavior=TestBehavior.BUILD),
    execution_config=ExecutionConfig(dbt_executable_path="/usr/local/airflow/dbt_venv/bin/dbt"),
)
