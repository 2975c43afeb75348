"""Events checked batch by batch end as those that are checked at once, whatever comes late."""

import hashlib
import json
import random
import shutil
from datetime import datetime, timedelta

import duckdb
import pytest
from common import ROOT
from dbt_process import dbt

AS_OF, LATER = "2026-05-01 06:00:00", "2026-05-08 06:00:00"
INPUTS = ("web_events", "email_events")
WEB = "event_id occurred_at event_type anonymous_id source_system source_customer_id email url"
EMAIL = "event_id occurred_at event_type email campaign_id url"
COLUMNS = {"web_events": WEB.split(), "email_events": EMAIL.split()}
TYPES = {
    "web_events": ["product_view", "add_to_cart", "purchase"],
    "email_events": ["open", "click", "complaint"],
}


def refusal(identifier, erased_at, readmitted_at=None):
    """A row of the refusals, by hash as an erasure leaves it."""
    digest = hashlib.sha256(f"personalize-demo-key:{identifier}".encode()).hexdigest()
    return (digest, "person " + identifier, erased_at, readmitted_at)


def event(name, number, day, **values):
    """One raw row: text, as an export has it."""
    draw = random.Random(f"{name} {number}")
    time = datetime.fromisoformat(day) + timedelta(seconds=draw.randrange(86400))
    person = draw.randrange(30)
    row = {
        "event_id": f"{name[0]}{number}",
        "occurred_at": time.isoformat(sep=" "),
        "event_type": draw.choice(TYPES[name]),
        "email": f"reader{person}@example.com",
        "url": f"https://shop.example/{number}",
        "campaign_id": f"campaign {number % 7}",
        "anonymous_id": f"cookie{person}",
        "source_system": "shop",
        "source_customer_id": f"customer{person}",
    }
    if name == "web_events":
        row["email"] = row["email"] if number % 5 == 0 else None
        row["source_customer_id"] = row["source_customer_id"] if number % 2 else None
    row |= values
    return tuple(row[column] for column in COLUMNS[name])


def first_rows(name):
    """Four months of events."""
    start = datetime(2026, 1, 1)
    days = [(start + timedelta(days=number % 119)).date().isoformat() for number in range(600)]
    return [event(name, number, day) for number, day in enumerate(days)]


def second_rows(name):
    """What a shop delivers a day later: new, late, twice, changed, unreadable."""
    old = first_rows(name)
    changed = [
        (*row[:2], TYPES[name][0], *row[3:]) if row[1] > "2026-04-29" else row for row in old
    ]
    return [
        *(row for row in changed if "customer4" not in row and "reader8@example.com" not in row),
        *(event(name, number, "2026-04-30") for number in range(700, 720)),
        *(event(name, number, "2026-04-29") for number in range(720, 730)),
        *(event(name, number, "2026-02-10") for number in range(730, 735)),
        *old[45:48],
        event(name, 60, "2026-01-20", event_type=TYPES[name][-1]),
        event(name, 61, "2026-04-20", email="reader3@example.com"),
        event(name, 740, "2026-03-03", event_id=None, email="reader3@example.com"),
        event(name, 741, "2026-03-04", event_id=None),
        event(name, 742, "2026-03-05", occurred_at="some day"),
        event(name, 743, "2026-05-04"),
    ]


PROJECT = """
name: personalize
version: "0.1.0"
profile: personalize_demo
model-paths: [models]
macro-paths: [macros]
"""


def room(folder):
    """The two models and the package's macros as a project of their own, in which dbt is quick."""
    models = folder / "models"
    models.mkdir(parents=True)
    for name in INPUTS:
        path = ROOT / "models" / "staging" / "checked" / f"int_personalize__checked_{name}.sql"
        shutil.copy(path, models)
    refusals = '{{ config(materialized="view") }} select * from raw_refusals'
    (models / "int_personalize__refusals.sql").write_text(refusals)
    (folder / "macros").symlink_to(ROOT / "macros")
    (folder / "dbt_project.yml").write_text(PROJECT)
    shutil.copy(ROOT / "profiles.yml", folder)
    return folder


def build(folder, raw, refusals, **variables):
    """The checked events of such inputs; what the folder holds already stays."""
    database = folder / "room.duckdb"
    with duckdb.connect(str(database)) as connection:
        for name, given in raw.items():
            columns = ", ".join(f"{column} varchar" for column in COLUMNS[name])
            connection.execute(f"create or replace table raw_{name} ({columns})")
            places = ", ".join("?" * len(COLUMNS[name]))
            connection.executemany(f"insert into raw_{name} values ({places})", given)
        connection.execute(
            "create or replace table raw_refusals (identifier_hash varchar, person_key varchar,"
            " erased_at timestamp, readmitted_at timestamp)"
        )
        for row in refusals:
            connection.execute("insert into raw_refusals values (?, ?, ?, ?)", row)
    variables |= {f"personalize_{name}": f"raw_{name}" for name in INPUTS}
    variables["personalize_columns"] = COLUMNS
    target = folder / "target"
    dbt("run", "--vars", json.dumps(variables), target=target, database=database, project=folder)


def rows(folder, name):
    """Every row of a checked table, sorted."""
    with duckdb.connect(str(folder / "room.duckdb"), read_only=True) as connection:
        found = connection.execute(f"from int_personalize__checked_{name}").fetchall()
    return sorted(found, key=repr)


@pytest.mark.heavy
def test_batches_end_as_one_build_would(tmp_path):
    batches, whole = room(tmp_path / "batches"), room(tmp_path / "whole")
    first, second = ({name: make(name) for name in INPUTS} for make in (first_rows, second_rows))
    erased = [
        refusal("email:reader3@example.com", "2026-03-15"),
        refusal("account:shop|customer4", "2026-04-30"),
        refusal("email:reader8@example.com", "2026-04-30"),
        refusal("anonymous:cookie5", "2026-04-30"),
    ]
    readmitted = [refusal("email:reader3@example.com", "2026-03-15", AS_OF), *erased[1:]]
    in_batches = {"event_lookback_days": 3}
    build(batches, first, [], as_of=AS_OF, **in_batches)
    statuses = set()
    for refusals, as_of in [(erased, AS_OF), (readmitted, AS_OF), (readmitted, LATER)]:
        build(batches, second, refusals, as_of=as_of, **in_batches)
        build(whole, second, refusals, as_of=as_of)
        for name in INPUTS:
            found, expected = rows(batches, name), rows(whole, name)
            assert found == expected
            assert len(found) == len(second[name])
            told = repr(found)
            assert "customer4'" not in told and "reader8@" not in told and "cookie5'" not in told
            assert ("reader3@" in told) == (refusals is readmitted)
            statuses |= {(row[-3], row[-2]) for row in found}
    assert {("kept", None), ("later", None), ("rejected", "erased")} <= statuses
    assert ("rejected", "duplicate event_id") in statuses

    with duckdb.connect(str(batches / "room.duckdb")) as connection:
        connection.execute(
            "update int_personalize__checked_web_events set url = 'held'"
            " where batch_day = '2026-02-20'"
        )
    build(batches, second, readmitted, as_of=LATER, **in_batches)
    assert {str(row[-4]) for row in rows(batches, "web_events") if "held" in row} == {"2026-02-20"}
