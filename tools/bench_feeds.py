"""Measures the change feeds of the exports: first run, a run without news, a run where 1% moved.

python tools/bench_feeds.py --profiles 1000000

Takes a built database, multiplies its letters to as many people, and runs three feeds as dbt does:
one that is read by its clock (Braze), one that is cut into requests (Klaviyo), one generic. What
Braze and Klaviyo would read of a person is taken as made; the feeds are what is measured.
"""

import argparse
import json
import os
import platform
import shutil
import sys
from pathlib import Path

import duckdb
from bench import MemorySamples
from common import DEFAULT_DATABASE, TARGET, counted, say, shown
from dbt_command import dbt

# Feed: what it reads, with a row per person.
FEEDS = {
    "export_personalize__braze_users": "int_personalize__braze_user_rows",
    "export_personalize__klaviyo_profiles": "int_personalize__klaviyo_profile_rows",
    "export_personalize__generic_nested": "int_personalize__letters",
}
MOVED = "hash(external_id) % 100 = 0"


def main() -> int:
    """Multiplies, runs three times, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--db", type=Path, default=DEFAULT_DATABASE, help="a built database")
    options = parser.parse_args()
    folder = TARGET / "bench_feeds"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database = folder / "feeds.duckdb"
    shutil.copy(options.db, database)
    parsed = options.db.parent / "partial_parse.msgpack"
    if parsed.exists():
        shutil.copy(parsed, folder)
    say(f"Multiplying the letters to {counted(options.profiles, 'reader')}")
    multiply(database, options.profiles)
    lines = []
    for what, news in (("first run", ""), ("no news", ""), ("1% moved", MOVED)):
        if news:
            move(database, news)
        before = watermarks(database)
        samples = MemorySamples()
        arguments = ("run", "--target-path", str(folder), "--select", *FEEDS)
        code = dbt(*arguments, database=database, watch=samples.watch)
        samples.stop()
        if code:
            return code
        lines += rows_of(what, folder, database, before, samples)
    (folder / "report.md").write_text("\n".join([*headline(database), *lines]) + "\n")
    say("\n".join(["", *headline(database), *lines, "", f"Written to {shown(folder)}"]))
    return 0


def multiply(database: Path, profiles: int) -> None:
    """Everybody many times over, each with an id of their own; the feeds empty."""
    with duckdb.connect(str(database)) as connection:
        for rows in FEEDS.values():
            connection.execute(f"""
                create or replace temp table few as
                    select *, row_number() over (order by external_id) - 1 as place from {rows};
                create or replace table {rows} as
                    select few.* exclude (place) replace (
                        external_id || '-' || number as external_id,
                        sha256(content_hash || '-' || number) as content_hash
                    )
                    from range({profiles}) as numbers (number)
                    inner join few on number % (select count(*) from few) = place;
            """)
        connection.execute("""
            create or replace temp table one as from int_personalize__audience_state limit 1;
            delete from int_personalize__audience_state;
            insert into int_personalize__audience_state by name
                select one.* replace (letters.external_id as external_id, null as reason)
                from int_personalize__letters as letters cross join one;
            delete from personalize__export_rejects;
        """)
        for feed in FEEDS:
            connection.execute(f"delete from {feed}")


def move(database: Path, which: str) -> None:
    """Other content for some people."""
    with duckdb.connect(str(database)) as connection:
        for rows in FEEDS.values():
            connection.execute(
                f"update {rows} set content_hash = sha256(content_hash) where {which}"
            )


def watermarks(database: Path) -> dict[str, object]:
    """The newest updated_at of each feed."""
    with duckdb.connect(str(database)) as connection:
        return {
            feed: connection.execute(f"select max(updated_at) from {feed}").fetchall()[0][0]
            for feed in FEEDS
        }


def rows_of(
    what: str, folder: Path, database: Path, before: dict[str, object], samples: MemorySamples
) -> list[str]:
    """A line for each feed: rows held, rows moved, seconds and memory."""
    results = json.loads((folder / "run_results.json").read_text())["results"]
    seconds = {result["unique_id"].split(".")[2]: result["execution_time"] for result in results}
    lines = []
    with duckdb.connect(str(database), read_only=True) as connection:
        for feed in FEEDS:
            ((held, moved),) = connection.execute(
                f"select count(*), count_if(updated_at > coalesce($1, timestamp '0001-01-01'))"
                f" from {feed}",
                [before[feed]],
            ).fetchall()
            lines.append(
                f"| {what} | `{feed.removeprefix('export_personalize__')}` | {held:,} | {moved:,} |"
                f" {seconds[feed]:.1f} | {samples.peak():,.0f} |"
            )
    return lines


def headline(database: Path) -> list[str]:
    """What was measured on, and the head of the table."""
    with duckdb.connect(str(database), read_only=True) as connection:
        sizes = [
            connection.execute(f"select avg(strlen({column})) from {rows}").fetchall()[0][0]
            for column, rows in zip(("payload", "payload", "letter"), FEEDS.values(), strict=True)
        ]
    bytes_each = ", ".join(f"{size:,.0f}" for size in sizes)
    return [
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB"
        f" {duckdb.__version__}; {bytes_each} bytes a record on average.",
        "",
        "| run | feed | rows held | rows moved | seconds | peak MB of dbt |",
        "|---|---|---:|---:|---:|---:|",
    ]


if __name__ == "__main__":
    sys.exit(main())
