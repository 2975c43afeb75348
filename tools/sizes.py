"""What each model would weigh on Snowflake with 100 million profiles and 10 billion events.

    make bench N=100000
    .venv/bin/python tools/sizes.py target/bench/100000 > docs/snowflake-sizes.md

Rows and seconds are those of the benchmark, bytes those of each table as Parquet (zstd, as close to
Snowflake's micro-partitions as can be measured here); each is multiplied by what it grows with.
"""

import json
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from common import quoted

PROFILES, EVENTS, PRODUCTS = 100e6, 10e9, 1e6
LOCAL_CORES, WAREHOUSE_CORES = 2, 8  # an XS warehouse is taken as one server of 8 such cores
METHOD = f"""\
Nothing here was measured on Snowflake: rows and bytes follow from what a table grows with; seconds
are those of the benchmark, multiplied with what a model reads, on an XS warehouse taken as
{WAREHOUSE_CORES} cores like the {LOCAL_CORES} of the benchmark. A warehouse twice as large halves
the seconds of SQL at the same price. A Python model that trains runs in one process, and what it
reads is capped. A model that is newer than the benchmark is missing."""
GROWS_WITH = {
    "nothing": r"_settings$|_runs$|_releases$|_performance$|_registry$|_quality$|_row_counts$"
    r"|rank(er|ing)_influences$|prediction_(training|terms|models|measures|candidates|cutoffs)$|recommendation_windows$"
    r"|experiment_(cells|statistics|results|variations)$|strategy_hit_rates$|segment_members_count$"
    r"|block_library|block_variants|reason_texts|interaction_caps$|blocked_identifiers$"
    r"|control_totals$|row_counts$|training_set$|backtest$|recommendation_outcomes$",
    "products": r"_products$|product_popularity$|item_graph$|catalog|popular_candidates$"
    r"|(item|product)_vectors$"
    r"|trending_candidates$|block_ladders$|numbered_products$",
    "events": r"web_events$|email_events$|prediction_events$|experiment_(exposures|sends)$"
    r"|permitted_visits$|sightings$|identities$",
}


@dataclass
class Size:
    """One model, as measured and as extrapolated."""

    name: str
    folder: str
    driver: str
    rows: float
    size: float
    seconds: float
    is_python: bool


def driver(name: str) -> str:
    """What a model's rows grow with; with people, where nothing else is said."""
    found = (kind for kind, names in GROWS_WITH.items() if re.search(names, name))
    of_people = re.search(r"(blocked|bought|slot)_products$", name)
    return "profiles" if of_people else next(found, "profiles")


def measured(folder: Path) -> tuple[list[Size], dict[str, float]]:
    """Every table of a benchmark at full size, and how many times larger each driver is then."""
    manifest = json.loads((folder / "manifest.json").read_text())
    nodes = {key: node for key, node in manifest["nodes"].items() if is_table(node)}
    results = json.loads((folder / "run_results.json").read_text())["results"]
    seconds = {result["unique_id"]: result["execution_time"] for result in results}
    with duckdb.connect(str(folder / "personalize.duckdb"), read_only=True) as connection:
        counts = {key: rows_and_bytes(connection, node["name"]) for key, node in nodes.items()}
        people, events = connection.execute(
            "select (select count(*) from personalize__profiles), "
            "(select count(*) from stg_personalize__web_events) "
            "+ (select count(*) from stg_personalize__email_events)"
        ).fetchall()[0]
        products = connection.execute("select count(*) from stg_personalize__products").fetchall()
    times = {"nothing": 1.0, "profiles": PROFILES / people, "events": EVENTS / events}
    times["products"] = PRODUCTS / products[0][0]
    sizes = []
    for key, node in nodes.items():
        rows, size = counts[key]
        kind = driver(node["name"])
        read = [other for other in parents(manifest, key) if other in counts] + [key]
        now = sum(counts[other][1] for other in read) or 1
        then = sum(counts[other][1] * times[driver(nodes[other]["name"])] for other in read)
        is_python = node["language"] == "python"
        cores = 1 if is_python else LOCAL_CORES / WAREHOUSE_CORES
        sizes.append(
            Size(
                node["name"],
                node["fqn"][1],
                kind,
                rows * times[kind],
                size * times[kind],
                seconds.get(key, 0.0) * then / now * cores,
                is_python,
            )
        )
    return sizes, times


def is_table(node: dict) -> bool:
    """Whether a node is a model with rows of its own."""
    return node["resource_type"] == "model" and node["config"]["materialized"] != "view"


def parents(manifest: dict, key: str) -> list[str]:
    """The tables that a model reads, through views."""
    found: list[str] = []
    for parent in manifest["nodes"][key]["depends_on"].get("nodes", []):
        node = manifest["nodes"].get(parent)
        if node is not None:
            found += [parent] if is_table(node) else parents(manifest, parent)
    return found


def rows_and_bytes(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    """The rows of a table and its bytes as Parquet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        connection.execute(f"copy (from {table}) to {quoted(path)} (compression zstd)")
        return connection.table(table).count("*").fetchall()[0][0], path.stat().st_size


def report(sizes: list[Size], times: dict[str, float], folder: Path) -> list[str]:
    """The page as lines of Markdown."""
    seconds = sum(size.seconds for size in sizes)
    tables = sum(size.size for size in sizes)
    factors = ", ".join(f"{name} x {factor:,.0f}" for name, factor in times.items())
    lines = [
        "# What each model weighs at 100 million profiles and 10 billion events",
        "",
        f"Extrapolated by `tools/sizes.py` from `make bench N={folder.name}`",
        f"({factors}; products are taken to be a million).",
        *METHOD.splitlines(),
        "",
        f"A run from scratch: {tables / 1e9:,.0f} GB, {seconds / 3600:,.1f} XS-hours (or credits).",
        "",
        "| model | grows with | rows | GB | XS seconds |",
        "|---|---|---:|---:|---:|",
    ]
    for size in sorted(sizes, key=lambda size: (-size.seconds, size.name)):
        name = f"`{size.name}`" + (" (Python)" if size.is_python else "")
        numbers = (size.rows, size.size / 1e9, size.seconds)
        lines.append(" | ".join([f"| {name}", size.driver, *map(rounded, numbers)]) + " |")
    return lines


def rounded(value: float) -> str:
    """A number to two figures: more would claim more than is known."""
    if value >= 100:
        digits = len(str(int(value))) - 2
        return f"{round(value / 10**digits) * 10**digits:,.0f}"
    return f"{value:.2g}"


if __name__ == "__main__":
    bench = Path(sys.argv[1])
    print("\n".join(report(*measured(bench), bench)))
