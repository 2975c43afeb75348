"""Runs that are repeated, moved in time, killed or misconfigured: what lasts must not notice.

The runs here leave dbt's tests out: the demo shop they start from has passed them.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from common import ROOT, executable
from dbt_command import dbt_environment
from dbt_process import dbt

AS_OF = "2026-05-01 06:00:00"
MINUTE_LATER = "2026-05-01 06:01:00"
DAY_LATER = "2026-05-02 06:00:00"
DAY_EARLIER = "2026-04-30 06:00:00"
KILLS = 8


@dataclass(frozen=True)
class Run:
    """A database of its own, and the folder of what dbt writes about it."""

    folder: Path

    @property
    def database(self):
        return self.folder / "personalize.duckdb"

    def dbt(self, *arguments, as_of=AS_OF, threads=2, variables="", check=True):
        given = f'{{as_of: "{as_of}"{", " + variables if variables else ""}}}'
        threads = {"PERSONALIZE_THREADS": str(threads)}
        command = (*arguments, "--vars", given)
        return dbt(*command, target=self.folder, database=self.database, check=check, **threads)

    def start(self, as_of):
        """A run in a process group of its own, to be killed."""
        folders = {"DBT_TARGET_PATH": str(self.folder), "DBT_LOG_PATH": str(self.folder)}
        return subprocess.Popen(
            [executable("dbt"), "--no-use-colors", "run", "--vars", f'{{as_of: "{as_of}"}}'],
            cwd=ROOT,
            env={**os.environ, **dbt_environment(self.database), **folders},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def contents(self):
        """{relation: what stands in it, as one hash} of every table and view."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            names = connection.execute(
                "select table_name from information_schema.tables where table_schema = 'main'"
            ).fetchall()
            return {
                name: connection.execute(
                    "select count(*), md5(string_agg(line, chr(10) order by line)) "
                    f"from (select cast(rows as varchar) as line from {name} as rows)"
                ).fetchone()
                for (name,) in names
            }

    def rows(self, sql):
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def moved(before, after):
    """The relations whose content differs."""
    return sorted(name for name in before.keys() | after if before.get(name) != after.get(name))


def exports(contents):
    return {name: content for name, content in contents.items() if name.startswith("export_")}


def state(demo):
    """The tables that a full refresh does not empty: what lasts."""
    return {node["name"] for node in demo.nodes("model") if node["config"]["full_refresh"] is False}


@pytest.fixture
def run(demo, tmp_path):
    """The demo shop after its first run."""
    shutil.copy(demo.database, tmp_path / "personalize.duckdb")
    shutil.copy(demo.folder / "partial_parse.msgpack", tmp_path)
    return Run(tmp_path)


def test_the_same_run_again_moves_nothing(run):
    before = run.contents()
    assert exports(before)
    run.dbt("run")
    assert not moved(before, run.contents())


def test_a_minute_later_without_news_feeds_no_row(run):
    before = run.contents()
    run.dbt("run", as_of=MINUTE_LATER)
    assert not moved(exports(before), exports(run.contents()))


def test_a_run_for_a_past_day_writes_nothing_that_lasts(run, demo):
    before = run.contents()
    decided = "select * from personalize__model_registry where not is_rebuild order by all"
    decisions = run.rows(decided)
    run.dbt("run", as_of=DAY_EARLIER)
    after = run.contents()
    scored = run.rows("select distinct cast(scored_at as varchar) from personalize__predictions")
    assert scored == [(DAY_EARLIER,)]
    assert run.rows("select distinct decided_at from personalize__model_registry where is_rebuild")
    assert run.rows(decided) == decisions
    rows_are_added = {"int_personalize__runs", "personalize__model_registry"}
    assert not set(moved(before, after)) & (state(demo) - rows_are_added)


def test_a_column_that_changed_upstream_is_named(run):
    with duckdb.connect(str(run.database)) as connection:
        connection.execute("alter table demo_customers rename column phone to telephone")
    process = run.dbt("run", "--select", "int_personalize__checked_customers", check=False)
    assert process.returncode == 1
    assert "int_personalize__checked_customers" in process.stdout and '"phone"' in process.stdout


def test_a_finding_holds_the_exports_back_where_its_severity_is_fail(run):
    """Orders older than an hour: a warning as it comes, and a stop where a project says so."""
    chosen = ("--select", "int_personalize__input_history", "personalize__data_quality")
    command = ("build", *chosen, "int_personalize__releases", "--exclude-resource-type")
    ages = "input_max_age_hours: {orders: 1}"
    found = "select severity from personalize__data_quality where check_name = 'input_is_stale'"
    warned = run.dbt(*command, "unit_test", as_of=DAY_LATER, variables=ages, check=False)
    assert run.rows(found) == [("warn",)]
    assert "FAIL 1 assert_data_quality_does_not_fail" not in warned.stdout
    stopping = f"{ages}, data_quality_severities: {{input_is_stale: fail}}"
    stopped = run.dbt(*command, "unit_test", as_of=DAY_LATER, variables=stopping, check=False)
    assert run.rows(found) == [("fail",)]
    assert "FAIL 1 assert_data_quality_does_not_fail" in stopped.stdout
    assert "SKIP relation main.int_personalize__releases" in stopped.stdout


def test_an_audience_that_collapses_is_not_exported(run):
    before = run.contents()
    run.dbt("run", as_of=DAY_LATER, variables="email_frequency_cap_per_week: 0")
    after = run.contents()
    assert "int_personalize__audience_candidates" in moved(before, after)
    assert not moved(exports(before), exports(after))


@pytest.mark.heavy
def test_a_day_later_every_moved_row_is_after_the_watermark(run):
    """A reader that keeps the last updated_at it saw misses no row and reads none twice."""
    feeds = [f"export_personalize__braze_{name}" for name in ("users", "catalog", "deletes")]
    query = "select cast({feed} as varchar), updated_at from {feed}"
    before = {feed: dict(run.rows(query.format(feed=feed))) for feed in feeds}
    run.dbt("run", as_of=DAY_LATER)
    moved_rows = 0
    for feed in feeds:
        after = dict(run.rows(query.format(feed=feed)))
        news = [at for row, at in after.items() if row not in before[feed]]
        assert all(at > max(before[feed].values()) for at in news if before[feed])
        moved_rows += len(news)
    assert moved_rows > 0


@pytest.mark.heavy
@pytest.mark.parametrize("threads", [1, 4])
def test_a_fresh_database_and_other_threads_give_the_same(demo, tmp_path, threads):
    fresh = Run(tmp_path)
    fresh.dbt("build", "--exclude-resource-type", "test", "unit_test", threads=threads)
    assert not moved(Run(demo.folder).contents(), fresh.contents())


@pytest.mark.heavy
def test_ids_survive_a_rebuild_from_scratch(run, tmp_path_factory):
    run.dbt("run", as_of=DAY_LATER)
    fresh = Run(tmp_path_factory.mktemp("scratch"))
    fresh.dbt("build", "--exclude-resource-type", "test", "unit_test", as_of=DAY_LATER)
    ids = "select columns(* exclude (match_rule, match_probability)) from personalize__identities"
    assert sorted(run.rows(ids), key=str) == sorted(fresh.rows(ids), key=str)


@pytest.mark.heavy
def test_a_run_that_is_killed_anywhere_ends_the_same(run, tmp_path_factory):
    """Killed at random moments of the second day, and repeated."""
    whole = copied(run, tmp_path_factory)
    started = time.monotonic()
    whole.dbt("run", as_of=DAY_LATER)
    seconds = time.monotonic() - started
    expected = whole.contents()
    draw = random.Random(20260501)
    for _ in range(KILLS):
        killed = copied(run, tmp_path_factory)
        after = draw.uniform(0.2, 1.0) * seconds
        process = killed.start(DAY_LATER)
        time.sleep(after)
        kill(process)
        killed.dbt("run", as_of=DAY_LATER)
        assert not moved(expected, killed.contents()), f"killed after {after:.1f} s"


@pytest.mark.heavy
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05])
def test_a_run_that_is_killed_while_state_is_written_ends_the_same(
    run, demo, tmp_path_factory, delay
):
    whole = copied(run, tmp_path_factory)
    whole.dbt("run", as_of=DAY_LATER)
    expected = whole.contents()
    killed = copied(run, tmp_path_factory)
    for name in sorted(state(demo)):
        process = killed.start(DAY_LATER)
        for line in process.stdout:
            if "START" in line and f".{name} " in line:
                time.sleep(delay)
                break
        kill(process)
    killed.dbt("run", as_of=DAY_LATER)
    assert not moved(expected, killed.contents())


def copied(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(run.folder, folder, dirs_exist_ok=True)
    return Run(folder)


def kill(process):
    """SIGKILL to a run and its children, as a machine that loses power would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


NO_SUCH_FACT = "{when: {column: ordercount, operator: '>', value: 1}}"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ("as_of: yesterday", "as_of is 'yesterday'"),
        ("holdout_share: 2", "holdout_share is '2'"),
        ("personalize_customers: absent", "the input table customers is required"),
        ("personalize_columns: {orders: {order_idd: id}}", "personalize_columns.orders"),
        ("personalize_triggers: {win_bak: {priority: 1}}", "trigger win_bak"),
        (f"personalize_segments: {{loyal: {NO_SUCH_FACT}}}", "segment loyal"),
        ("personalize_experiments: {tone: {variations: {a: 0.5, b: 0.6}}}", "experiment tone"),
    ],
)
def test_what_is_misspelt_stops_the_run_before_anything_is_built(tmp_path, variables, told):
    database = tmp_path / "personalize.duckdb"
    command = ("build", "--vars", f"{{{variables}}}")
    stopped = dbt(*command, target=tmp_path, database=database, check=False)
    assert stopped.returncode == 2
    assert f"personalize: {told}" in stopped.stdout
    assert not database.exists()
