"""dbt against a Snowflake emulator: the real adapter, fakesnow on loopback, all in one process.

    python tests/snowflake/emulator.py --database <folder> build [any dbt argument]

The emulator is DuckDB underneath and keeps its databases as files in the folder. Where Snowflake
does something that the emulator does not, a function below does it; docs/snowflake.md lists them.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[2]
DATABASE, SCHEMA, WAREHOUSE = "ANALYTICS", "PERSONALIZE", "TRANSFORMING"
LARGER = {
    "SNOWFLAKE_WAREHOUSE_LARGE": "TRANSFORMING_LARGE",
    "SNOWFLAKE_WAREHOUSE_TRAINING": "TRAINING",
}
COMMENT = r"\s*(?:/\*.*?\*/\s*)?"

TEMPORARY = re.compile(
    rf"^({COMMENT}create\s+(?:or\s+replace\s+)?)temporary\s+(table|view)", re.I | re.S
)
TEXT = re.compile(r"'(?:[^'\\]|''|\\.)*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
PROCEDURE = re.compile(
    rf"^{COMMENT}with\s+(?P<name>\w+)\s+as\s+procedure\s*\(\)(?P<clauses>.*?)\$\$(?P<body>.*)\$\$"
    r"\s*call\s+(?P=name)\(\)",
    re.I | re.S,
)
# Statements that change no row: a session's tag, grants, and what Snowpark says at the end.
WITHOUT_EFFECT = [
    rf"^{COMMENT}alter\s+session\s+(?:un)?set\s+query_tag\b",
    rf"^{COMMENT}select\s+system\$cancel_all_queries\b",
    rf"^{COMMENT}grant\b",
]

frame_numbers = count()


def without_temporary(statement: str) -> str:
    """`create temporary …` as a plain create: DuckDB has temporary names in one catalogue only."""
    return TEMPORARY.sub(r"\1\2", statement)


def with_byte_length(statement: str) -> str:
    """`octet_length` of text under the name it has in DuckDB, whose own takes bytes only."""
    return re.sub(r"\boctet_length\(", "strlen(", statement, flags=re.I)


def with_warehouse(statement: str) -> str:
    """`current_warehouse()` as the name of the profile's: the emulator has no warehouses."""
    return re.sub(r"\bcurrent_warehouse\(\)", f"'{WAREHOUSE}'", statement, flags=re.I)


def merge(statement):
    """A merge as DuckDB's own: the emulator's is in parts, which fail within a transaction."""
    import sqlglot
    from sqlglot import exp

    if not isinstance(statement, exp.Merge):
        return [statement]
    return [statement, sqlglot.parse_one('select 0 as "number of rows inserted"')]


def answer(procedure: re.Match) -> str:
    """What stands for a call of an anonymous procedure once it has run: its result."""
    return f"select 'OK' as {procedure['name']}"


def land_frame(session, frame):
    """What Session.create_dataframe does with a pandas frame: a table, read as a Snowpark frame."""
    import fakesnow.server

    name = f'"{DATABASE}"."{SCHEMA}"."FRAME_{next(frame_numbers)}"'
    columns = ", ".join(f'"{column}"' for column in frame.columns)
    with fakesnow.server.shared_fs.duck_conn.cursor() as connection:
        connection.register("landed_frame", frame)
        connection.execute(f"create or replace table {name} as select {columns} from landed_frame")
    return session.table(name)


def run_procedure(connection_arguments: dict, body: str) -> None:
    """Run the body of an anonymous procedure: main(session), with a Snowpark session."""
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
        exec(compile(body, "<procedure>", "exec"), scope)
        assert scope["main"](session) == "OK"
        session.close()


def sorted_keys(template: Template) -> Template:
    """The macro behind object_construct with its keys in order, as Snowflake keeps them.

    As it stands, keys come as DuckDB's threads happen to meet them, which moves hashes of texts.
    """
    plain = "json_group_object(key, value)"
    pairs = "string_agg(to_json(key) || ':' || coalesce(value, 'null'), ',' order by key)"
    ordered = "cast('{' || " + pairs + " || '}' as json)"
    assert plain in template.template
    return Template(template.template.replace(plain, ordered))


def whole_percent(generator, similarity) -> str:
    """Jaro-Winkler in percent cut to a whole number, as Snowflake gives it; the emulator rounds.

    Snowflake's documentation: 'Gute nacht' and 'Ich weis nicht' (.56508) are 56.
    """
    left, right = (generator.sql(similarity, side) for side in ("this", "expression"))
    return f"CAST(FLOOR(JARO_WINKLER_SIMILARITY(UPPER({left}), UPPER({right})) * 100) AS INT)"


def patch(connection_arguments: dict) -> None:
    """Let the emulator take what dbt sends, run Python procedures and recover from a failure.

    An error that is not one of Snowflake's would be retried for ever.
    """
    import fakesnow.server
    import snowflake.connector.errors
    from fakesnow import macros, transforms
    from fakesnow.cursor import FakeSnowflakeCursor
    from fakesnow.variables import Variables
    from sqlglot import exp, generator
    from sqlglot.generators.duckdb import DuckDBGenerator

    parse_one, execute = fakesnow.server.parse_one, FakeSnowflakeCursor.execute

    def parse(statement: str):
        procedure = PROCEDURE.search(statement)
        return parse_one(answer(procedure) if procedure else statement)

    def execute_and_recover(self, command, *args, **kwargs):
        try:
            if procedure := PROCEDURE.search(command):
                run_procedure(connection_arguments, procedure["body"])
                command = answer(procedure)
            command = with_warehouse(with_byte_length(without_temporary(command)))
            return execute(self, command, *args, **kwargs)
        except Exception as error:
            with suppress(Exception):
                self._duck_conn.execute("rollback")
            if isinstance(error, snowflake.connector.errors.Error):
                raise
            message = f"{type(error).__name__}: {error}"
            raise snowflake.connector.errors.ProgrammingError(
                message, errno=1, sqlstate="XX000"
            ) from error

    inline = Variables.inline_variables

    def inline_outside_of_texts(self, statement):
        texts = TEXT.findall(statement)
        hidden = TEXT.sub("'\x00'", statement)
        return re.sub("'\x00'", lambda _: texts.pop(0), inline(self, hidden))

    macros.FS_OBJECT_CONSTRUCT = sorted_keys(macros.FS_OBJECT_CONSTRUCT)
    Variables.inline_variables = inline_outside_of_texts
    fakesnow.server.parse_one = parse
    transforms.merge = merge
    DuckDBGenerator.TRANSFORMS[exp.JarowinklerSimilarity] = whole_percent
    generator._DISPATCH_CACHE.clear()
    FakeSnowflakeCursor.execute = execute_and_recover


@contextmanager
def emulated_snowflake(folder: Path) -> Iterator[dict]:
    """Start the emulator over a folder of databases; yields what a connection needs."""
    import logging

    import fakesnow

    start = fakesnow.server  # the function, before the module of that name hides it
    import fakesnow.server

    folder.mkdir(parents=True, exist_ok=True)
    fakesnow.server.shared_fs = fakesnow.server.FakeSnow(db_path=folder, nop_regexes=WITHOUT_EFFECT)
    with start() as arguments:
        for name in ("fakesnow.server", "uvicorn.error", "uvicorn.access", "sqlglot"):
            logging.getLogger(name).setLevel(logging.ERROR)
        arguments |= {"database": DATABASE, "schema": SCHEMA, "network_timeout": 30}
        patch(arguments)
        os.environ["EMULATOR_PORT"] = str(arguments["port"])
        yield arguments
    fakesnow.server.shared_fs.duck_conn.close()


def main() -> int:
    """Run one dbt command against the emulator; the exit code is dbt's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--database", type=Path, required=True, help="folder that keeps the emulator's databases"
    )
    arguments, dbt_arguments = parser.parse_known_args()
    from dbt.adapters.factory import cleanup_connections
    from dbt.cli.main import dbtRunner

    os.environ |= LARGER
    profiles = ["--profiles-dir", str(ROOT / "tests" / "snowflake"), "--target", "snowflake"]
    with emulated_snowflake(arguments.database):
        result = dbtRunner().invoke([*dbt_arguments, *profiles])
        cleanup_connections()
    return 0 if result.success else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # else threads of the connector look for the server for another half minute
