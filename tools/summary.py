"""What came out of a build, in plain words, read from the tables it wrote."""

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
    "fallback": "no model surely beat the baseline, which is used",
}
ERASED = "of someone who asked to be forgotten"
EXPORT = "export_personalize__"
FURTHER_KEYS = ("slot", "position", "rank")


class Exports:
    """The exports of a database at one moment, held to be compared with a later one."""

    def __init__(self, database: Path) -> None:
        """Reads the key and the time of every export row, where the database is there already."""
        self.memory = duckdb.connect()
        self.memory.execute("create table was (export text, key text, updated_at timestamp)")
        self.found = self.read(database, "was") if database.exists() else []

    def moved_until(self, database: Path) -> list[tuple[str, int, int, int, int]]:
        """Each export's rows, and how many of them are new, changed and removed by now."""
        self.memory.execute("create or replace table now as from was limit 0")
        exports = self.read(database, "now")
        moved = self.memory.execute("""
            select
                export,
                count(now.key),
                count(*) filter (was.key is null),
                count(*) filter (was.updated_at <> now.updated_at),
                count(*) filter (now.key is null)
            from now
            full join was using (export, key)
            group by export
        """).fetchall()
        counts = {export: tuple(rest) for export, *rest in moved}
        return [(export, *counts.get(export, (0, 0, 0, 0))) for export in exports]

    def read(self, database: Path, table: str) -> list[str]:
        """Copies export, key and time of every export row; gives the names of the exports."""
        self.memory.execute(f"attach {quoted(database)} as warehouse (read_only)")
        exports = self.memory.execute(f"""
            select schema_name, table_name, list(column_name order by column_index)
            from duckdb_columns()
            where database_name = 'warehouse' and starts_with(table_name, '{EXPORT}')
            group by schema_name, table_name
            order by table_name
        """).fetchall()
        for schema, name, columns in exports:
            named = {column.lower(): identifier(column) for column in columns}
            # An export begins with its key; the long ones have one row per place as well.
            keys = [next(column for name, column in named.items() if name != "updated_at")]
            keys += [named[name] for name in FURTHER_KEYS if name in named]
            key = f"concat_ws('|', {', '.join(keys)})"
            self.memory.execute(
                f"insert into {table} select '{name}', {key}, {named.get('updated_at', 'null')} "
                f"from warehouse.{identifier(schema)}.{identifier(name)}"
            )
        self.memory.execute("detach warehouse")
        return [name for _, name, _ in exports]


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
        lines += people(rows)
        lines += rejected(rows)
        lines += models(rows)
    since = "since the last run" if before.found else "in the first run"
    lines += exported(before.moved_until(database), since)
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
    lines += table(
        (count, f"{source}: {ERASED if reason == 'erased' else reason}")
        for source, reason, count in reasons[:8]
    )
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
        decision = DECISIONS.get(status, status)
        if status == "fallback" and value is None:
            decision = "too little to learn from, the baseline is used"
        lines.append(f"  model {model}: {decision}{measured}")
    return lines


def exported(moved: Iterable[tuple[str, int, int, int, int]], since: str) -> list[str]:
    """The rows of each export, and what moved."""
    lines = []
    for export, rows, added, changed, removed in moved:
        moves = [
            f"{count:,} {what}"
            for count, what in ((added, "new"), (changed, "changed"), (removed, "removed"))
            if count
        ]
        what = listed(moves) if moves else "none moved"
        lines.append(f"  {export}: {counted(rows, 'row')}, {what} {since}")
    return lines


def table(rows: Iterable[tuple[int, str]]) -> list[str]:
    """Counts and what they count, indented."""
    return [f"    {count:>9,}  {text}" for count, text in rows]
