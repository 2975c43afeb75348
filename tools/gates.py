"""The gates a change has to pass: what make lint, test, test-full and expectations run."""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from common import ROOT, TARGET, executable, say
from dbt_command import dbt, run

SQL = ("models", "tests/singular")
BUILDS = TARGET / "test"
DEMO_DATABASE = BUILDS / "full" / "personalize.duckdb"
SNOWFLAKE_BUILD = BUILDS / "snowflake"
EMPTY_DATABASE = BUILDS / "empty" / "personalize.duckdb"

# The days on which the demo's totals differ are not there where no row is.
NOT_WITHOUT_ROWS = ("--exclude", "assert_demo_control_totals")

# dbt writes what a unit test expects with backslashes that Snowflake reads as escapes.
NOT_ON_SNOWFLAKE = (
    *("--exclude", "block_library_fills_what_is_known_while_building"),
    "audience_candidates_nest_the_blocks",
)

# What the example makes of The Complete Journey in DuckDB's SQL: where the package starts.
MAPPED = (
    *("customers", "products", "orders", "order_lines", "email_events", "consent_events"),
    *("audience_segments", "order_control_totals"),
)

# As examples/snowflake/governance.sql has it, so that the emulator meets tags and grants as well.
GOVERNANCE = {
    "personalize_governance": {
        "tag": "analytics.personalize.privacy",
        "public": ["analyst"],
        "exports": ["esp_reader"],
    }
}

Step = tuple[str, Callable[[], int]]


def lint_steps() -> list[Step]:
    """The linters: mistakes and format, nothing is changed."""
    return [
        ("ruff check", lambda: run(executable("ruff"), "check", "--quiet", ".")),
        ("ruff format", lambda: run(executable("ruff"), "format", "--check", "--quiet", ".")),
        ("sqlfluff lint", lambda: sqlfluff("lint")),
    ]


def format_steps() -> list[Step]:
    """The formatters."""
    return [
        ("ruff check --fix", lambda: run(executable("ruff"), "check", "--quiet", "--fix", ".")),
        ("ruff format", lambda: run(executable("ruff"), "format", "--quiet", ".")),
        ("sqlfluff fix", lambda: sqlfluff("fix")),
    ]


def demo_steps() -> list[Step]:
    """The linters, the demo shop with every test of dbt, the same without a row, and pytest."""
    return [
        *lint_steps(),
        ("dbt build on the demo shop", lambda: build_apart(DEMO_DATABASE)),
        ("dbt build --empty", lambda: build_apart(EMPTY_DATABASE, "--empty", *NOT_WITHOUT_ROWS)),
        *snowflake_steps(),
        ("pytest", lambda: pytest("not heavy")),
    ]


def snowflake_steps() -> list[Step]:
    """The demo shop on emulated Snowflake, built twice, and its rows beside those of DuckDB."""
    folder = SNOWFLAKE_BUILD

    def first_build() -> int:
        shutil.rmtree(folder, ignore_errors=True)
        return emulated(folder, "build", *NOT_ON_SNOWFLAKE)

    return [
        ("dbt build on emulated Snowflake", first_build),
        ("dbt run there once more: nothing may move", lambda: emulated(folder, "run")),
        ("the same rows as DuckDB's", lambda: same_rows(DEMO_DATABASE, folder)),
    ]


def journey_steps() -> list[Step]:
    """The Complete Journey as make real has built it, once more on emulated Snowflake."""
    project = ROOT / "examples" / "complete_journey"
    database = project / "target" / "complete_journey.duckdb"
    folder = BUILDS / "snowflake_journey"

    def build() -> int:
        shutil.rmtree(folder, ignore_errors=True)
        program = str(ROOT / "tests" / "snowflake" / "land.py")
        landed = run(sys.executable, program, str(database), str(folder / "database"), *MAPPED)
        selected = ("--select", "package:personalize")
        return landed or emulated(folder, "build", *selected, project=project)

    return [
        ("the real data on emulated Snowflake", build),
        ("the same rows as DuckDB's", lambda: same_rows(database, folder)),
    ]


def heavy_steps() -> list[Step]:
    """What needs minutes."""
    return [("pytest, the heavy tests", lambda: pytest("heavy"))]


def passed(steps: list[Step]) -> int:
    """Runs every step, also after one has failed, and says how each ended."""
    outcomes = []
    for number, (name, step) in enumerate(steps, start=1):
        say(f"[{number}/{len(steps)}] {name}")
        started = time.monotonic()
        outcome = "failed" if step() else "passed"
        outcomes.append((outcome, time.monotonic() - started, name))
    say()
    for outcome, seconds, name in outcomes:
        say(f"  {outcome}  {seconds:4.0f} s  {name}")
    return int(any(outcome == "failed" for outcome, _, _ in outcomes))


def sqlfluff(command: str) -> int:
    """sqlfluff on the models and the singular tests, as they render where nothing was built yet."""
    BUILDS.mkdir(parents=True, exist_ok=True)
    database = {"PERSONALIZE_DB": str(BUILDS / "lint.duckdb")}
    return run(executable("sqlfluff"), command, "--disable-progress-bar", *SQL, **database)


def build_apart(database: Path, *arguments: str) -> int:
    """The demo shop on a new database, away from the one in use."""
    folder = database.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return dbt("build", *arguments, "--target-path", str(folder), database=database)


def emulated(folder: Path, *arguments: str, project: Path = ROOT) -> int:
    """dbt on a Snowflake emulator that keeps its tables in the folder."""
    emulator = (sys.executable, str(ROOT / "tests" / "snowflake" / "emulator.py"))
    return dbt(
        *(*arguments, "--target-path", str(folder)),
        project=project,
        variables=GOVERNANCE,
        program=(*emulator, "--database", str(folder / "database")),
    )


def same_rows(database: Path, folder: Path) -> int:
    """Every public model and export of a DuckDB build beside that of an emulated one."""
    program = str(ROOT / "tests" / "snowflake" / "parity.py")
    return run(sys.executable, program, str(database), str(folder / "database"))


def pytest(marks: str) -> int:
    """pytest, two files at a time; the tests find the demo shop as this run has built it."""
    builds = {
        "PERSONALIZE_TEST_DB": str(DEMO_DATABASE),
        "PERSONALIZE_TEST_SNOWFLAKE": str(SNOWFLAKE_BUILD),
    }
    two_at_a_time = ("-n", "2", "--dist", "loadfile")
    return run(executable("pytest"), "-m", marks, *two_at_a_time, "--durations=10", **builds)


def expectations() -> int:
    """dbt-expectations on the public models, where its macros are there or can be fetched."""
    project = ROOT / "tests" / "expectations"
    packages = project / "dbt_packages"
    if not (packages / "dbt_expectations").exists() and dbt("deps", project=project):
        say("dbt-expectations was not run: neither the dbt hub nor its packages are there.")
        return 0
    return dbt("build", project=project)
