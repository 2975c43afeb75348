"""What came out of a build, in plain words, read from the tables it wrote."""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
from common import counted, identifier, listed, quoted, shown

EXCLUSIONS = {
    "erased": "asked to be forgotten",
    "restricted": "asked to restrict how their data is used",
    "suppressed": "bounced, complained or unsubscribed",
    "no_consent": "gave no live permission",
    "no_email": "have no address",
    "shared_mailbox": "share a mailbox with someone who is written to",
    "held_out": "are held out for measuring",
    "capped": "got enough mail this week",
}
DECISIONS = {
    "champion": "promoted",
    "kept": "kept, refitted",
    "fallback": "no model beat the baseline, which is used",
}
EXPORT = "export_personalize__"
EXPORT_KEYS = ("external_id", "id", "email")


class Exports:
    """The exports of a database at one moment, held to be compared with a later one."""

    def __init__(self, database: Path) -> None:
        """Reads the key and the time of every export row, where the database is there already."""
        self.memory = duckdb.connect()
        self.memory.execute("create table rows (export text, key text, updated_at timestamp)")
        if database.exists():
            self.memory.execute(f"attach {quoted(database)} as warehouse (read_only)")
            self.memory.execute(f"insert into rows {export_rows(self.memory)}")
            self.memory.execute("detach warehouse")

    def moved_until(self, database: Path) -> list[tuple[str, int, int, int, int]]:
        """Each export's rows, and how many of them are new, changed and removed by now."""
        self.memory.execute(f"attach {quoted(database)} as warehouse (read_only)")
        found = self.memory.execute(f"""
            select
                export,
                count(now.key) as rows,
                count(*) filter (was.key is null) as added,
                count(*) filter (now.updated_at is distinct from was.updated_at
                    and was.key is not null and now.key is not null) as changed,
                count(*) filter (now.key is null) as removed
            from ({export_rows(self.memory)}) as now
            full join rows as was using (export, key)
            group by export
            order by export
        """).fetchall()
        self.memory.execute("detach warehouse")
        return found


def export_rows(connection: duckdb.DuckDBPyConnection) -> str:
    """A query for the rows of all exports of the attached warehouse: export, key, updated_at."""
    exports = connection.execute(f"""
        select schema_name, table_name, list(column_name order by column_index)
        from duckdb_columns()
        where database_name = 'warehouse' and starts_with(table_name, '{EXPORT}')
        group by schema_name, table_name
        order by table_name
    """).fetchall()
    selects = [
        "select null::text as export, null::text as key, null::timestamp as updated_at where false"
    ]
    for schema, table, columns in exports:
        by_name = {column.lower(): identifier(column) for column in columns}
        key = next(
            (by_name[name] for name in EXPORT_KEYS if name in by_name), identifier(columns[0])
        )
        stamp = by_name.get("updated_at", "null")
        selects.append(
            f"select '{table}', cast({key} as text), cast({stamp} as timestamp) "
            f"from warehouse.{identifier(schema)}.{identifier(table)}"
        )
    return " union all ".join(selects)


def summary(database: Path, before: Exports) -> list[str]:
    """The last lines of a build."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = {
            name: f"{identifier(schema)}.{identifier(name)}"
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables() "
                "union all select schema_name, view_name from duckdb_views() where not internal"
            ).fetchall()
            if "personalize__" in name
        }

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query.format_map(tables)).fetchall()

        as_of = rows("select value from {int_personalize__settings} where name = 'as_of'")[0][0]
        lines = ["", f"What came out, as of {as_of[:19]} UTC:"]
        for part in (people, rejected, models):
            with contextlib.suppress(KeyError):
                lines += part(rows)
    lines += exported(before.moved_until(database))
    lines += [
        "",
        f"Where to look: the tables personalize__… in {shown(database)}, and make preview.",
    ]
    return lines


def people(rows: Any) -> list[str]:
    """Profiles, who is mailed, and why the others are not."""
    profiles = rows("select count(*) from {personalize__profiles}")[0][0]
    mailed = rows("select count(*) from {personalize__audience}")[0][0]
    reasons = rows(
        "select reason, count(*) from {personalize__exclusions} group by reason order by 2 desc, 1"
    )
    lines = [f"  {counted(profiles, 'profile')}, of whom {mailed:,} may be mailed now"]
    return lines + table((count, EXCLUSIONS.get(reason, reason)) for reason, count in reasons)


def rejected(rows: Any) -> list[str]:
    """Rows of the input that could not be used, by reason."""
    reasons = rows(
        "select source_table, reason, count(*) from {personalize__rejected_rows} "
        "group by source_table, reason order by 3 desc, 1, 2"
    )
    if not reasons:
        return ["  no row of the input was rejected"]
    lines = [f"  {counted(sum(row[2] for row in reasons), 'row')} of the input rejected"]
    lines += table((count, f"{source}: {reason}") for source, reason, count in reasons[:8])
    if len(reasons) > 8:
        lines.append(f"           and {counted(len(reasons) - 8, 'more reason')}")
    return lines


def models(rows: Any) -> list[str]:
    """Which models were promoted or kept, and how they measure up."""
    decided = rows(
        "select model, status, metric, value, baseline_value from {personalize__model_registry} "
        "qualify decided_at = max(decided_at) over () order by model"
    )
    lines = []
    for model, status, metric, value, baseline in decided:
        measured = (
            f" ({metric} {value:.4f}, baseline {baseline:.4f})"
            if value not in (None, baseline)
            else ""
        )
        lines.append(f"  model {model}: {DECISIONS.get(status, status)}{measured}")
    return lines


def exported(moved: Iterable[tuple[str, int, int, int, int]]) -> list[str]:
    """The rows of each export, and what moved since the last run."""
    lines = []
    for export, rows, added, changed, removed in moved:
        moves = [
            f"{count:,} {what}"
            for count, what in ((added, "new"), (changed, "changed"), (removed, "removed"))
            if count
        ]
        since = f"{listed(moves)} since the last run" if moves else "none moved since the last run"
        lines.append(f"  {export}: {counted(rows, 'row')}, {since}")
    return lines


def table(rows: Iterable[tuple[int, str]]) -> list[str]:
    """Counts and what they count, indented."""
    return [f"    {count:>9,}  {text}" for count, text in rows]
