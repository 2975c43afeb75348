"""Compare a DuckDB build with the emulated Snowflake build, table by table and row by row.

    python tests/snowflake/parity.py <file.duckdb> <folder of the emulator>

Floats agree to 1e-9, JSON is compared canonically, timestamps exactly. Prints one line per relation
and ends with code 1 where any row differs.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb


@dataclass
class Difference:
    """What separates the two builds of one relation."""

    relation: str
    rows: int
    only_duckdb: list[tuple]
    only_snowflake: list[tuple]
    columns: str = ""

    @property
    def is_same(self) -> bool:
        """Whether both builds hold the same rows under the same columns."""
        return not (self.only_duckdb or self.only_snowflake or self.columns)


def canonical(value):
    """A value in a form that is equal exactly where the two warehouses mean the same."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        number = float(value)
        return None if math.isnan(number) else float(f"{number:.9f}") + 0.0
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.dumps(rounded(json.loads(value)), sort_keys=True)
        except ValueError:
            return value
    return value


def rounded(value):
    """Parsed JSON with its numbers rounded as canonical does."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return canonical(value) if isinstance(value, (int, float)) else value


def relations(connection, catalog: str, schema: str) -> dict[str, list[str]]:
    """Columns, in lower case and alphabetical order, by relation."""
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "select lower(table_name), lower(column_name) from information_schema.columns"
        " where table_catalog = ? and lower(table_schema) = lower(?) order by 1, 2",
        [catalog, schema],
    ).fetchall():
        found.setdefault(table, []).append(column)
    return found


def rows_of(connection, relation: str, columns: list[str]) -> Counter:
    """The rows of a relation in canonical form, with their multiplicity."""
    listed = ", ".join(f'"{column}"' for column in columns)
    cursor = connection.execute(f"select {listed} from {relation}")
    return Counter(tuple(canonical(value) for value in row) for row in cursor.fetchall())


def compare(
    duckdb_file: Path, emulator_folder: Path, prefixes: tuple[str, ...]
) -> list[Difference]:
    """Every relation of the DuckDB build with such a name, compared with its twin."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(f"attach '{duckdb_file}' as ours (read_only)")
    connection.execute(f"attach '{emulator_folder / 'ANALYTICS.db'}' as \"ANALYTICS\" (read_only)")
    ours, theirs = (
        relations(connection, "ours", "main"),
        relations(connection, "ANALYTICS", "PERSONALIZE"),
    )
    differences = []
    for relation, columns in sorted(ours.items()):
        if not relation.startswith(prefixes):
            continue
        if theirs.get(relation) != columns:
            note = f"columns {columns} and {theirs.get(relation)}"
            differences.append(Difference(relation, 0, [], [], note))
            continue
        left = rows_of(connection, f'ours.main."{relation}"', columns)
        right = rows_of(
            connection,
            f'"ANALYTICS"."PERSONALIZE"."{relation.upper()}"',
            [name.upper() for name in columns],
        )
        differences.append(
            Difference(
                relation,
                sum(left.values()),
                list((left - right).elements()),
                list((right - left).elements()),
            )
        )
    return differences


def main() -> int:
    """Print the parity table; 1 where any relation differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("duckdb_file", type=Path)
    parser.add_argument("emulator_folder", type=Path)
    parser.add_argument(
        "--prefix", action="append", help="names to compare (default: public models and exports)"
    )
    parser.add_argument("--examples", type=int, default=0, help="rows to show of each difference")
    arguments = parser.parse_args()
    prefixes = tuple(arguments.prefix or ("personalize__", "export_personalize__"))
    differences = compare(arguments.duckdb_file, arguments.emulator_folder, prefixes)
    for found in differences:
        counts = (
            f"{len(found.only_duckdb)} only on DuckDB, {len(found.only_snowflake)} on Snowflake"
        )
        verdict = "same" if found.is_same else found.columns or counts
        print(f"{found.relation:<50} {found.rows:>8} rows  {verdict}")
        for row in found.only_duckdb[: arguments.examples]:
            print("   duckdb    ", row)
        for row in found.only_snowflake[: arguments.examples]:
            print("   snowflake ", row)
    return 0 if all(found.is_same for found in differences) else 1


if __name__ == "__main__":
    sys.exit(main())
