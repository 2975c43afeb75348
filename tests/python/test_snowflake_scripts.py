"""The SQL of examples/snowflake as it stands, on the shop that make test builds on the emulator."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from common import ROOT
from scripts import statements
from sqlglot import exp

SCRIPTS = ROOT / "examples" / "snowflake"
SYNC_TIME = "{{last_sync_time}}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A copy of the emulator's databases, with the raw events as they were by the demo's day."""
    given = os.environ.get("PERSONALIZE_TEST_SNOWFLAKE")
    if not given:
        pytest.skip("make test builds the shop on the emulator first")
    folder = tmp_path_factory.mktemp("snowflake")
    shutil.copytree(Path(given) / "database", folder / "database")
    (folder / "raw.sql").write_text(
        "create schema if not exists analytics.personalize_raw;"
        "create or replace view analytics.personalize_raw.web_events as"
        " select * from analytics.personalize.demo_web_events"
        " where try_cast(occurred_at as timestamp_ntz) <= '2026-05-01 06:00:00';"
    )
    return folder


def run(shop, *scripts):
    """What each statement of the scripts has given, by its text; none may fail."""
    program = ROOT / "tests" / "snowflake" / "scripts.py"
    process = subprocess.run(
        [sys.executable, program, "--database", shop / "database", *scripts],
        capture_output=True,
        text=True,
    )
    told = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
    failed = [f"{one['statement']}\n{one['outcome']}" for one in told if "fail" in one["outcome"]]
    assert process.returncode == 0 and told, "\n".join([*failed, process.stderr[-2000:]])
    return {one["statement"]: one for one in told}


def script(shop, name, text):
    path = shop / name
    path.write_text(text)
    return path


def test_scripts_run_or_are_marked(shop):
    names = ("setup.sql", "governance.sql", "braze.sql", "tasks.sql")
    told = run(shop, *(SCRIPTS / name for name in names))
    outcomes = [one["outcome"] for one in told.values()]
    assert outcomes.count("ran") > 10 and outcomes.count("documented") > 20


# What sqlglot takes as a mere command: it has no grammar for people, policies' grants and tasks.
NO_GRAMMAR = re.compile(
    r"create (or replace )?(role|user|task|dbt project|masking policy)\b|alter (task|tag)\b|"
    r"grant (role|select on (all|future)|apply on row access policy)\b"
)


@pytest.mark.parametrize("name", sorted(path.name for path in SCRIPTS.glob("*.sql")))
def test_every_statement_parses_as_snowflakes(name):
    """Policies by the expression that they are."""
    text = (SCRIPTS / name).read_text().replace(SYNC_TIME, "0")
    for statement in statements(text):
        policy = re.search(r"\b(masking|row access) policy\b.*?->(.*)", statement, re.S)
        tree = sqlglot.parse_one(policy[2] if policy else statement, read="snowflake")
        assert not isinstance(tree, exp.Command) or NO_GRAMMAR.match(statement), statement


def test_the_build_on_the_emulator_has_tagged_its_columns_and_granted_them():
    given = os.environ.get("PERSONALIZE_TEST_SNOWFLAKE")
    if not given:
        pytest.skip("make test builds the shop on the emulator first")
    results = json.loads((Path(given) / "run_results.json").read_text())
    asked = results["args"]["vars"]["personalize_governance"]
    assert asked["public"] == ["analyst"] and asked["exports"] == ["esp_reader"]


def test_braze_reads_its_columns_and_moves_on(shop):
    """The statement Braze sends: the columns of its contract, later than the last it saw."""
    reads = script(
        shop,
        "braze_reads.sql",
        "select updated_at, external_id, payload from analytics.personalize.braze_users"
        " where updated_at > '1970-01-01' order by updated_at;"
        "select updated_at, id, payload, deleted from analytics.personalize.braze_products;"
        "select updated_at, external_id from analytics.personalize.braze_deletes;"
        "select count(*) from analytics.personalize.braze_users"
        " where updated_at > (select max(updated_at) from analytics.personalize.braze_users);",
    )
    *_, users, products, deletes, late = run(shop, SCRIPTS / "braze.sql", reads).values()
    assert len(users["rows"]) > 100 and len(products["rows"]) > 50 and deletes["rows"] == []
    assert all(
        json.loads(payload) and "external_id" not in payload for *_, payload in users["rows"]
    )
    assert late["rows"] == [[0]]


def test_customer_io_queries_give_people_once(shop):
    text = (SCRIPTS / "customer_io.sql").read_text()
    assert text.count(SYNC_TIME) == text.count("\nwhere") == 2
    first = script(shop, "first_sync.sql", text.replace(SYNC_TIME, "0"))
    second = script(shop, "second_sync.sql", text.replace(SYNC_TIME, "1777615200"))
    people, left = (one["rows"] for one in run(shop, first).values())
    assert len(people) > 100 and len({row[0] for row in people}) == len(people)
    assert all("@" in row[1] and json.loads(row[6])["title"] for row in people)
    assert left == []
    assert [one["rows"] for one in run(shop, second).values()] == [[], []]
    for statement in sqlglot.parse(text.replace(SYNC_TIME, "0"), read="snowflake"):
        assert all(
            re.fullmatch(r"[a-z_]+", column.alias) and column.args["alias"].quoted
            for column in statement.selects
        )


def test_the_hot_path_says_what_the_daily_run_says(shop):
    """For the week before as_of, which is what the triggers look at."""
    script_text = (SCRIPTS / "hot_path.sql").read_text()
    clock = re.search(r"where viewed_at > [^)]*\)[^)]*\)\n-- +and .*\)\n", script_text)[0]
    clock = clock.replace("--", "").replace("sysdate()", "'2026-05-01 06:00:00'::timestamp_ntz")
    columns = "profile_id, product_id, in_cart_since, viewed_at"
    compare = script(
        shop,
        "compare.sql",
        f"select {columns} from analytics.personalize.hot_interests {clock} order by 1, 2;"
        f"select {columns} from analytics.personalize.int_personalize__open_interests"
        " where viewed_at > '2026-04-24 06:00:00' order by 1, 2;",
    )
    *_, hot, daily = run(shop, shop / "raw.sql", SCRIPTS / "hot_path.sql", compare).values()
    assert len(daily["rows"]) > 20
    assert hot["rows"] == daily["rows"]


def test_roles_have_the_least_they_need():
    """Read from the grants themselves: who may write, and who reads what."""
    grants = {}
    for name in ("setup.sql", "braze.sql", "governance.sql"):
        text = re.sub(r"--[^\n]*", "", (SCRIPTS / name).read_text())
        for what, role in re.findall(r"grant\s+([^;]*?)\s+to\s+role\s+(\w+)\s*;", text):
            grants.setdefault(role, []).append(re.sub(r"\s+", " ", what))
    assert set(grants) == {"transformer", "esp_reader", "analyst"}
    views = [
        f"select on view analytics.personalize.braze_{x}" for x in ("users", "products", "deletes")
    ]
    assert [what for what in grants["esp_reader"] if not what.startswith("usage")] == views
    assert all(what.startswith("usage on") for what in grants["analyst"])
    assert not [what for what in grants["esp_reader"] + grants["analyst"] if "_raw" in what]
    created = [what for what in grants["transformer"] if "create" in what]
    assert len(created) == 1 and created[0].endswith("on schema analytics.personalize")
    everything = " ".join(what for listed in grants.values() for what in listed)
    assert not re.search(r"\b(all privileges|ownership|manage|insert|delete)\b", everything)
