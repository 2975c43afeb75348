"""Copies tables of a DuckDB build into the emulator's folder, as if they had been loaded there.

python tests/snowflake/land.py <file.duckdb> <folder of the emulator> <table> …
"""

import sys
from pathlib import Path

import duckdb


def land(database: Path, folder: Path, tables: list[str]) -> None:
    """Each table under its name in upper case, as Snowflake would have it."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(folder / "ANALYTICS.db")) as connection:
        connection.execute('create schema if not exists "PERSONALIZE"')
        connection.execute(f"attach '{database}' as ours (read_only)")
        for table in tables:
            columns = ", ".join(
                f'"{name}" as "{name.upper()}"'
                for name, *_ in connection.execute(f"describe ours.main.{table}").fetchall()
            )
            connection.execute(
                f'create or replace table "PERSONALIZE"."{table.upper()}" as '
                f"select {columns} from ours.main.{table}"
            )


if __name__ == "__main__":
    land(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
