"""Builds a synthetic shop and measures it: time and peak memory by folder of models, and in all.

Beside it stands what DuckDB needs merely to read all inputs and write them back as Parquet.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import shutil
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import load_raw
from common import ROOT, TARGET, counted, quoted, say, shown
from dbt_command import dbt

AS_OF = "2026-05-01 06:00:00"
TABLES = {
    "customers": "customers",
    "products": "products",
    "orders": "orders",
    "order_lines": "priced_lines",
    "web_events": "web_events",
    "email_events": "email_events",
    "consent_events": "consent_events",
    "privacy_requests": "privacy_requests",
}
NOT_EXPORTED = {"orders": "exclude (person, number)"}
SECONDS_BETWEEN_SAMPLES = 0.05


def main() -> int:
    """Generates, builds, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=10_000)
    parser.add_argument("--vars", type=json.loads, default={}, help="dbt variables as JSON")
    options = parser.parse_args()
    profiles = options.profiles
    folder = TARGET / "bench" / str(profiles)
    shutil.rmtree(folder, ignore_errors=True)
    raw = folder / "raw"
    raw.mkdir(parents=True)
    say(f"Making up a shop of {counted(profiles, 'profile')} in {shown(raw)}")
    apart(generate, profiles, raw)
    rows = counted_rows(raw)
    copied = apart(copy_inputs, raw, folder / "copy")
    database = folder / "personalize.duckdb"
    loaded = apart(load_raw.load, raw, database)
    samples = MemorySamples()
    started = time.monotonic()
    code = dbt(
        "build",
        "--profile",
        "personalize_files",
        "--target-path",
        str(folder),
        database=database,
        variables={"as_of": AS_OF, **options.vars},
        watch=samples.watch,
    )
    seconds = time.monotonic() - started
    samples.stop()
    if code:
        return code
    lines = report(profiles, rows, copied, loaded, (seconds, samples.peak()))
    lines += by_folder(folder, samples)
    (folder / "report.md").write_text("\n".join(lines) + "\n")
    say("\n".join(["", *lines]))
    return 0


def generate(profiles: int, raw: Path) -> None:
    """Writes the input tables of a made-up shop."""
    with duckdb.connect() as connection:
        connection.execute(f"set variable profiles = {profiles}")
        connection.execute((ROOT / "tools" / "bench_shop.sql").read_text())
        for table, relation in TABLES.items():
            connection.execute(
                f"copy (select * {NOT_EXPORTED.get(table, '')} from {relation}) "
                f"to {quoted(raw / f'{table}.parquet')}"
            )


def copy_inputs(raw: Path, copy: Path) -> None:
    """Reads every input and writes it back: the least that any tool must do."""
    copy.mkdir()
    with duckdb.connect() as connection:
        for table in TABLES:
            source, target = raw / f"{table}.parquet", copy / f"{table}.parquet"
            connection.execute(f"copy (from {quoted(source)}) to {quoted(target)}")


def counted_rows(raw: Path) -> dict[str, int]:
    """The number of rows by input table."""
    with duckdb.connect() as connection:
        return {
            table: connection.execute(
                f"select count(*) from {quoted(raw / f'{table}.parquet')}"
            ).fetchall()[0][0]
            for table in TABLES
        }


def apart(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Does work in a process of its own; gives its seconds and its peak memory in MB."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=measured, args=(sender, work, arguments))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)
    return receiver.recv()


def measured(sender: object, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """Runs in the child: does the work and sends what it took."""
    started = time.monotonic()
    work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    sender.send((time.monotonic() - started, peak / unit))  # type: ignore[attr-defined]


class MemorySamples:
    """The memory of a process, sampled while it runs; empty where the system does not tell."""

    def __init__(self) -> None:
        """Waits for a process to watch."""
        self.samples: list[tuple[float, float]] = []
        self.finished = threading.Event()
        self.thread: threading.Thread | None = None

    def watch(self, process_id: int) -> None:
        """Starts to sample a process."""
        self.thread = threading.Thread(target=self.sample, args=(process_id,), daemon=True)
        self.thread.start()

    def sample(self, process_id: int) -> None:
        """Reads the resident set until told to stop or the process ends."""
        statistics = Path(f"/proc/{process_id}/statm")
        page = os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
        while not self.finished.wait(SECONDS_BETWEEN_SAMPLES):
            try:
                resident = int(statistics.read_text().split()[1])
            except (OSError, IndexError):
                return
            self.samples.append((time.time(), resident * page))

    def stop(self) -> None:
        """Ends the sampling."""
        self.finished.set()
        if self.thread:
            self.thread.join()

    def peak(self, started: float = 0.0, ended: float = float("inf")) -> float:
        """The most memory in MB between two moments."""
        return max((mb for at, mb in self.samples if started <= at <= ended), default=0.0)


def report(
    profiles: int,
    rows: dict[str, int],
    copied: tuple[float, float],
    loaded: tuple[float, float],
    built: tuple[float, float],
) -> list[str]:
    """The headline: what was built, and how long the whole took."""
    inputs = ", ".join(f"{table} {count:,}" for table, count in rows.items())
    return [
        f"## {profiles:,} profiles",
        "",
        f"{sum(rows.values()):,} input rows ({inputs}); {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}.",
        "",
        "| | seconds | peak MB |",
        "|---|---:|---:|",
        measured_row("DuckDB reads all inputs and writes them back as Parquet", copied),
        measured_row("the files are loaded (make build RAW=…)", loaded),
        measured_row("dbt build, with all its tests", built),
        "",
    ]


def measured_row(what: str, measurement: tuple[float, float]) -> str:
    """One line of the headline."""
    return f"| {what} | {measurement[0]:.1f} | {measurement[1]:,.0f} |"


def by_folder(folder: Path, samples: MemorySamples) -> list[str]:
    """Seconds of work and peak memory by folder of models, then the slowest models."""
    results = json.loads((folder / "run_results.json").read_text())["results"]
    nodes = json.loads((folder / "manifest.json").read_text())
    named = {**nodes["nodes"], **nodes["unit_tests"], **nodes["exposures"]}
    seconds: dict[str, float] = defaultdict(float)
    steps: dict[str, int] = defaultdict(int)
    peaks: dict[str, float] = defaultdict(float)
    slowest = []
    for result in results:
        node = named[result["unique_id"]]
        kind = node["resource_type"]
        name = (
            node["fqn"][1]
            if kind == "model"
            else {"test": "data tests", "unit_test": "unit tests"}.get(kind, kind)
        )
        seconds[name] += result["execution_time"]
        steps[name] += 1
        times = [
            moment(timing[key])
            for timing in result["timing"]
            for key in ("started_at", "completed_at")
        ]
        if times:
            peaks[name] = max(peaks[name], samples.peak(min(times), max(times)))
        if kind == "model":
            slowest.append((result["execution_time"], node["name"]))
    lines = ["| folder | steps | seconds of work | peak MB meanwhile |", "|---|---:|---:|---:|"]
    lines += [
        f"| {name} | {steps[name]} | {seconds[name]:.1f} | {peaks[name]:,.0f} |"
        for name in sorted(seconds, key=lambda name: -seconds[name])
    ]
    slowest.sort(reverse=True)
    worst = ", ".join(f"`{name}` {took:.1f} s" for took, name in slowest[:8])
    return [*lines, "", f"Slowest models: {worst}."]


def moment(text: str) -> float:
    """One of dbt's times as seconds since 1970."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


if __name__ == "__main__":
    sys.exit(main())
