"""Loads a folder with one Parquet or CSV file per input table into the schema personalize_raw.

Everything is checked before anything is written, and written in one transaction: a load that is
refused or killed leaves the database as it was.
"""

import csv
import difflib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
from common import ROOT, Refusal, counted, identifier, listed, quoted, say, shown

CONTRACT = ROOT / "macros" / "config" / "inputs.sql"
SCHEMA = "personalize_raw"
LEDGER = f"{SCHEMA}.loaded_files"
DEMO = "the demo data"
SUFFIXES = (".parquet", ".csv")
COLUMN_TYPES = {
    "timestamp": "timestamp",
    "date": "date",
    "number": "decimal(18, 4)",
    "integer": "bigint",
    "boolean": "boolean",
}
UNUSABLE_TYPES = ("STRUCT", "MAP", "UNION", "BLOB", "BIT", "VARIANT")

Contract = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class InputFile:
    """A file that was found good: how to read it, and its columns by their lower-case name."""

    table: str
    path: Path
    scan: str
    columns: dict[str, str]
    types: dict[str, str]


def input_contract(path: Path = CONTRACT, customer_columns: Sequence[str] = ()) -> Contract:
    """The input tables as the dbt package declares them, with a project's own customer columns."""
    captured: list[Contract] = []
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    package = SimpleNamespace(customer_columns=lambda: customer_columns)
    known = {"return": captured.append, "personalize": package}
    template = environment.from_string(path.read_text(), globals=known)
    template.module.input_contract()  # type: ignore[attr-defined]
    return captured[0]


def load(
    folder: Path, database: Path, reset: bool = False, customer_columns: Sequence[str] = ()
) -> dict[str, int]:
    """Checks the folder, then loads it; gives the number of rows by table, or raises Refusal."""
    contract = input_contract(customer_columns=customer_columns)
    files = {
        table: inspected(contract, table, path) for table, path in found(contract, folder).items()
    }
    folder = folder.resolve()
    if reset:
        remove_database(database)
    with open_database(database) as connection:
        refuse_lost_history(connection, database, folder, files)
        rows = write(connection, contract, folder, files)
    for table, count in rows.items():
        if table in files:
            say(f"  read {table}: {counted(count, 'row')}")
    return rows


def prepare_demo(database: Path, reset: bool = False) -> None:
    """Makes sure that the demo shop does not land in a database that holds something else."""
    if reset:
        remove_database(database)
    with open_database(database) as connection:
        known, _ = origin(connection)
    if known not in (None, DEMO):
        raise Refusal(built_from(database, known))


def holds_demo(database: Path) -> bool:
    """Whether a database was built from the demo shop."""
    with open_database(database) as connection:
        return origin(connection)[0] in (None, DEMO)


def found(contract: Contract, folder: Path) -> dict[str, Path]:
    """The file of every table that the folder holds."""
    if not folder.exists():
        raise Refusal(f"RAW={folder} does not exist.")
    if not folder.is_dir():
        raise Refusal(f"RAW={folder} is not a folder.")
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            raise Refusal(f"{path} is a folder; each input table must be one Parquet or CSV file.")
        table, suffix = path.stem.lower(), path.suffix.lower()
        if suffix not in SUFFIXES:
            raise Refusal(
                f"{path} is not one of the files expected: <input table>.parquet or .csv."
            )
        if table not in contract:
            raise Refusal(f"{path} is not an input table; {suggestion(table, list(contract))}")
        if table in files:
            raise Refusal(f"There are two files for {table}: {files[table].name} and {path.name}.")
        files[table] = path
    for table, declared in contract.items():
        if declared.get("required") and table not in files:
            raise Refusal(f"{folder} has no {table}.parquet or {table}.csv, which is required.")
    return files


def inspected(contract: Contract, table: str, path: Path) -> InputFile:
    """The file, once its columns are known to fit the table."""
    described = (
        parquet_file(table, path) if path.suffix.lower() == ".parquet" else csv_file(table, path)
    )
    columns = contract[table]["columns"]
    ignored = [name for name in described.columns if name not in columns]
    for name, (_, required, *_) in columns.items():
        if required and name not in described.columns:
            hint = f" ({suggestion(name, ignored)[:-1]})" if close(name, ignored) else ""
            raise Refusal(f"{path} has no column {name}, which is required{hint}.")
    for name, type_name in described.types.items():
        if name in columns and (type_name.startswith(UNUSABLE_TYPES) or type_name.endswith("]")):
            raise Refusal(
                f"{path}: the column {name} holds {type_name}, not a single value per row."
            )
    if ignored:
        say(f"  notice: {path.name} has columns that nothing reads: {listed(ignored)}")
    return described


def parquet_file(table: str, path: Path) -> InputFile:
    """A Parquet file and its columns."""
    scan = f"read_parquet({quoted(globbed(path))}, hive_partitioning = false)"
    try:
        with duckdb.connect() as connection:
            described = connection.execute(f"describe select * from {scan}").fetchall()
    except duckdb.Error as error:
        raise Refusal(f"{path} cannot be read as Parquet ({first_line(error)}).") from error
    names = unique_names(path, [row[0] for row in described])
    return InputFile(
        table=table,
        path=path,
        scan=scan,
        columns={name: row[0] for name, row in zip(names, described, strict=True)},
        types={name: row[1] for name, row in zip(names, described, strict=True)},
    )


def csv_file(table: str, path: Path) -> InputFile:
    """A CSV file (UTF-8, commas, double quotes, a header) and its columns; nothing is guessed."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines, strict=True), [])
    except UnicodeDecodeError as error:
        raise Refusal(f"{path} is not UTF-8 text.") from error
    except (OSError, csv.Error) as error:
        raise Refusal(f"{path} cannot be read as CSV ({first_line(error)}).") from error
    if not header:
        raise Refusal(f"{path} is empty; its first line must name the columns.")
    for separator, name in {";": "semicolons", "\t": "tabs", "|": "vertical bars"}.items():
        if len(header) == 1 and separator in header[0]:
            raise Refusal(f"{path} is separated by {name}; it must be separated by commas.")
    positions = {f"c{place}": "VARCHAR" for place in range(len(header))}
    names = unique_names(path, header)
    return InputFile(
        table=table,
        path=path,
        scan=(
            f"read_csv({quoted(globbed(path))}, auto_detect = false, header = true, delim = ',', "
            "quote = '\"', escape = '\"', strict_mode = true, null_padding = false, "
            f"columns = {positions})"
        ),
        columns=dict(zip(names, positions, strict=True)),
        types=dict.fromkeys(names, "VARCHAR"),
    )


def refuse_lost_history(
    connection: duckdb.DuckDBPyConnection,
    database: Path,
    folder: Path,
    files: dict[str, InputFile],
) -> None:
    """Refuses what would mix two shops, or forget a table that the last run knew."""
    known, last = origin(connection)
    if known not in (None, str(folder)):
        raise Refusal(built_from(database, known))
    for table in last:
        if table not in files:
            raise Refusal(
                f"{folder} has no file for {table}, which was there in the last run on "
                f"{shown(database)}: bring it back, or give RESET=1 to start the database anew."
            )


def built_from(database: Path, known: str | None) -> str:
    """The sentence for a database that holds something else."""
    remedy = "give RESET=1 to start it anew, or DB=<another file>"
    return f"{shown(database)} was built from {known}: {remedy}."


def origin(connection: duckdb.DuckDBPyConnection) -> tuple[str | None, list[str]]:
    """The folder a database was last loaded from (or the demo data, or nothing), and its tables."""
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    if tuple(LEDGER.split(".")) in tables:
        rows = connection.execute(f"select folder, input from {LEDGER} order by input").fetchall()
        return rows[0][0], [row[1] for row in rows]
    if any(name == "demo_customers" for _, name in tables):
        return DEMO, []
    return None, []


def write(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    folder: Path,
    files: dict[str, InputFile],
) -> dict[str, int]:
    """Writes every table of the contract and the ledger, all or nothing."""
    rows: dict[str, int] = {}
    connection.execute("begin")
    connection.execute(f"create schema if not exists {SCHEMA}")
    for table, declared in contract.items():
        file = files.get(table)
        columns = ",\n    ".join(
            f"{expression(file, name, spec)} as {name}"
            for name, spec in declared["columns"].items()
        )
        source = f"from {file.scan}" if file else "where false"
        try:
            connection.execute(
                f"create or replace table {SCHEMA}.{table} as\nselect\n    {columns}\n{source}"
            )
        except duckdb.Error as error:
            if file is None or isinstance(error, duckdb.FatalException):
                raise
            raise Refusal(unreadable(file.path, error)) from error
        rows[table] = connection.execute(f"select count(*) from {SCHEMA}.{table}").fetchall()[0][0]
    connection.execute(f"create or replace table {LEDGER} (folder text, input text, file text)")
    for table, file in files.items():
        connection.execute(
            f"insert into {LEDGER} values (?, ?, ?)", [str(folder), table, file.path.name]
        )
    connection.execute("commit")
    return rows


def expression(file: InputFile | None, name: str, spec: list[Any]) -> str:
    """How a column is read: as it is; an absent one is a typed null."""
    column_type = COLUMN_TYPES.get(spec[0], "varchar")
    if file is None or name not in file.columns:
        return f"cast(null as {column_type})"
    column = identifier(file.columns[name])
    if column_type == "varchar" and file.types[name] in ("DOUBLE", "FLOAT"):
        return whole_number_text(column)
    return column


def whole_number_text(column: str) -> str:
    """A floating-point id as text: beside nulls, pandas writes 17 as 17.0."""
    return f"""case
        when not isfinite({column}) then null
        when {column} = trunc({column}) and abs({column}) < 9e15
            then cast(cast({column} as bigint) as varchar)
        else cast({column} as varchar)
    end"""


def open_database(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection that may write."""
    database.parent.mkdir(parents=True, exist_ok=True)
    try:
        return duckdb.connect(str(database))
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise Refusal(
                f"{shown(database)} is in use by another program; close that first."
            ) from error
        raise Refusal(f"{shown(database)} cannot be opened as a DuckDB database.") from error


def remove_database(database: Path) -> None:
    """Starts a database anew; its log of changes goes first, never to be replayed on another."""
    if database.exists():
        open_database(database).close()
    for path in (Path(f"{database}.wal"), database):
        path.unlink(missing_ok=True)


def globbed(path: Path) -> str:
    """A path in which DuckDB finds nothing to expand."""
    return re.sub(r"([\[*?])", r"[\1]", os.path.abspath(path))


def unique_names(path: Path, names: list[str]) -> list[str]:
    """Column names in the contract's spelling; two of one name cannot be told apart."""
    lowered = [name.strip().lower() for name in names]
    lowered = [name or f"column {place}" for place, name in enumerate(lowered, start=1)]
    twice = sorted({name for name in lowered if lowered.count(name) > 1})
    if twice:
        raise Refusal(f"{path} has the column {twice[0]} more than once.")
    return lowered


def unreadable(path: Path, error: duckdb.Error) -> str:
    """What is wrong with a file, without quoting the data in it."""
    text = str(error)
    line = re.search(r"on Line: (\d+)", text)
    where = f"{path}, line {line[1]}" if line else str(path)
    for sign, meaning in {
        "unicode": "is not UTF-8 text.",
        "Expected Number of Columns": "does not have as many values as the first line has columns.",
        "unterminated quote": 'has a quote that is not closed, or not doubled ("") inside quotes.',
        "Maximum line size": "is longer than 2 MB.",
        "state machine": "mixes line ends or quotes in a way that CSV does not allow.",
    }.items():
        if sign in text:
            return f"{where} {meaning}"
    return f"{where} cannot be read ({first_line(error)})."


def first_line(error: Exception) -> str:
    """The first line of a message."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def close(name: str, names: list[str]) -> list[str]:
    """The names that look like a misspelling of this one."""
    return difflib.get_close_matches(name, names, n=1, cutoff=0.6)


def suggestion(name: str, names: list[str]) -> str:
    """'did you mean x?', or all there are."""
    match = close(name, names)
    return f"did you mean {match[0]}?" if match else f"the input tables are {listed(names)}."
