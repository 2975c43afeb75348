"""dbt against a Snowflake emulator: the real adapter, fakesnow on loopback, all in one process.

    python tests/snowflake/emulator.py --database <folder> build [any dbt argument]

The emulator is DuckDB underneath and keeps its databases as files in the folder. Four things are
added to it, each because the real warehouse does it and the emulator does not:

- an anonymous Python procedure is run here, with a real Snowpark session on the emulator;
- `create temporary table db.schema.x` loses the word temporary (DuckDB knows temporary names in
  its own catalogue only);
- the bare column names in the `values (…)` of dbt's merge get the source's alias (DuckDB calls
  them ambiguous);
- a statement that failed is rolled back, so that the next one is not refused.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPORARY = re.compile(
    r"^(\s*(?:/\*.*?\*/\s*)?create\s+(?:or\s+replace\s+)?)temporary\s+(table|view)", re.I | re.S
)


def without_temporary(statement: str) -> str:
    """The statement with `create temporary table|view` turned into a plain create."""
    return TEMPORARY.sub(r"\1\2", statement)


MERGE_VALUES = re.compile(
    r"(when\s+not\s+matched\s+then\s+insert\s*\(.*?\)\s*values\s*\()(.*?)(\)\s*(?:/\*.*?\*/)?\s*;?\s*)$",
    re.I | re.S,
)


def with_merge_alias(statement: str) -> str:
    """A merge of dbt's whose inserted values name their source."""
    if "DBT_INTERNAL_SOURCE" not in statement:
        return statement

    def qualify(match: re.Match) -> str:
        names = [f"DBT_INTERNAL_SOURCE.{name.strip()}" for name in match[2].split(",")]
        return match[1] + ", ".join(names) + match[3]

    return MERGE_VALUES.sub(qualify, statement)


def patch_cursor() -> None:
    """Let the emulator's cursor take what dbt sends and recover from a failure."""
    from fakesnow.cursor import FakeSnowflakeCursor

    execute = FakeSnowflakeCursor.execute

    def execute_and_recover(self, command, *args, **kwargs):
        try:
            return execute(self, with_merge_alias(without_temporary(command)), *args, **kwargs)
        except Exception:
            with suppress(Exception):
                self._duck_conn.execute("rollback")
            raise

    FakeSnowflakeCursor.execute = execute_and_recover


def land_frame(session, frame):
    """What Session.create_dataframe does with a pandas frame: a table, read as a Snowpark frame."""
    import fakesnow.server

    name = f"FRAME_{land_frame.count}"
    land_frame.count += 1
    connection = fakesnow.server.shared_fs.duck_conn.cursor()
    connection.register("landed_frame", frame)
    columns = ", ".join(f'"{column}"' for column in frame.columns)
    connection.execute(
        f'create or replace table "ANALYTICS"."PERSONALIZE"."{name}" as '
        f"select {columns} from landed_frame"
    )
    connection.unregister("landed_frame")
    return session.table(f"ANALYTICS.PERSONALIZE.{name}")


land_frame.count = 0


def run_procedure(connection_arguments: dict, compiled_code: str) -> None:
    """Run the body of the procedure dbt would send: main(session) with a Snowpark session."""
    import pandas
    import snowflake.connector
    from snowflake.snowpark import Session

    with snowflake.connector.connect(**connection_arguments) as connection:
        session = Session.builder.configs({"connection": connection}).create()
        create = session.create_dataframe

        def create_dataframe(data, *args, **kwargs):
            if isinstance(data, pandas.DataFrame):
                return land_frame(session, data)
            return create(data, *args, **kwargs)

        session.create_dataframe = session.createDataFrame = create_dataframe
        scope: dict = {}
        exec(compile(compiled_code, "<procedure>", "exec"), scope)
        scope["main"](session)


def patch_python_models(connection_arguments: dict) -> None:
    """Catch the anonymous procedure dbt-snowflake would send and run it here."""
    from dbt.adapters.contracts.connection import AdapterResponse
    from dbt.adapters.snowflake import SnowflakeAdapter

    def submit_python_job(self, parsed_model, compiled_code):
        run_procedure(connection_arguments, compiled_code)
        return AdapterResponse(_message="OK")

    SnowflakeAdapter.submit_python_job = submit_python_job


@contextmanager
def emulated_snowflake(folder: Path) -> Iterator[dict]:
    """Start the emulator over a folder of databases; yields what a connection needs."""
    import fakesnow.server
    from fakesnow import server as start_server  # before the module of that name hides the function

    folder.mkdir(parents=True, exist_ok=True)
    fakesnow.server.shared_fs = fakesnow.server.FakeSnow(db_path=folder)
    patch_cursor()
    with start_server() as arguments:
        arguments |= {"database": "ANALYTICS", "schema": "PERSONALIZE", "network_timeout": 30}
        patch_python_models(arguments)
        os.environ["EMULATOR_PORT"] = str(arguments["port"])
        yield arguments


def main() -> int:
    """Run one dbt command against the emulator; the exit code is dbt's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--database", type=Path, required=True, help="folder that keeps the emulator's databases"
    )
    arguments, dbt_arguments = parser.parse_known_args()
    from dbt.adapters.factory import cleanup_connections
    from dbt.cli.main import dbtRunner

    with emulated_snowflake(arguments.database):
        result = dbtRunner().invoke(
            [
                *dbt_arguments,
                "--profiles-dir",
                str(ROOT / "tests" / "snowflake"),
                "--target",
                "snowflake",
            ]
        )
        cleanup_connections()
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
