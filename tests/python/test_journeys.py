"""Where people stand in a journey is what a walk through their events in plain Python finds."""

import json
import random
from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pytest
from dbt.cli.main import dbtRunner

FIRST = datetime(2026, 1, 1, 6)
DAY = timedelta(days=1)
JOURNEY = {
    "starts_on": {"event": "order", "after_days": 2, "without": ["order"]},
    "again_after_days": 12,
    "converts_on": ["order"],
    "exits_on": ["unsubscribe"],
    "first": "hello",
    "stages": {
        "hello": {
            "wait_days": 3,
            "until": "open",
            "next": [
                {"when": {"column": "clicks_in_stage", "operator": ">=", "value": 1}, "to": "tips"},
                {"to": "offer"},
            ],
        },
        "offer": {
            "wait_days": 4,
            "skip_when": {"column": "monetary_value", "operator": ">=", "value": 150},
            "next": [
                {
                    "when": {"column": "opens_in_journey", "operator": "=", "value": 0},
                    "to": "done",
                },
                {"to": "tips"},
            ],
        },
        "tips": {"wait_days": 5},
    },
}


def events_of_a_crowd():
    """Fifty people, each a random history of 60 days; no two events of a person at once."""
    draw = random.Random(7)
    rows = []
    for person in range(50):
        for number, minute in enumerate(draw.sample(range(60 * 24 * 60), draw.randint(5, 25))):
            event = draw.choice(["order", "order", "open", "click", "unsubscribe"])
            rows.append(
                {
                    "profile_id": f"p{person:02}",
                    "event": event,
                    "event_id": f"{person}-{number}",
                    "occurred_at": FIRST + timedelta(minutes=minute),
                    "amount": draw.choice([20, 60]) if event == "order" else None,
                }
            )
    return pd.DataFrame(rows)


def walked(events, as_of):
    """{person: (stage, entered_at, exit_reason)} of the latest round, event by event."""
    states = {}
    for person, mine in events[events.occurred_at <= as_of].groupby("profile_id"):
        happened = sorted(zip(mine.occurred_at, mine.event, mine.amount, strict=True))

        def seen(event, after, until, happened=happened):
            return [time for time, kind, _ in happened if kind == event and after < time <= until]

        last_start = None
        for start in seen("order", FIRST, as_of):
            begun = start + 2 * DAY
            if begun > as_of or seen("order", start, begun):
                continue
            if last_start is None or begun - last_start >= 12 * DAY:
                states[person] = walk(begun, as_of, seen, happened)
            last_start = begun
    return states


def walk(begun, as_of, seen, happened):
    """One round: the last stage, when it was entered, why the journey ended (none: it has not)."""
    ends = [(time, "converted") for time in seen("order", begun, as_of)]
    ends += [(time, "unsubscribe") for time in seen("unsubscribe", begun, as_of)]
    end, reason = min(ends, default=(datetime.max, None))
    stage, entered = "hello", begun
    while True:
        spent = sum(paid for time, kind, paid in happened if kind == "order" and time <= entered)
        wait = {"hello": 3, "offer": 4, "tips": 5}[stage] * DAY
        leaves = entered + wait
        if stage == "hello":
            leaves = min([*seen("open", entered, as_of), leaves])
        if stage == "offer" and spent >= 150:
            leaves = entered
        if end <= leaves:
            return stage, entered, reason
        if leaves > as_of:
            return stage, entered, None
        if stage == "hello":
            follows = "tips" if seen("click", entered, leaves) else "offer"
        elif stage == "offer":
            follows = "tips" if seen("open", begun, leaves) else None
        else:
            follows = None
        if follows is None:
            return stage, entered, "completed"
        stage, entered = follows, leaves


@pytest.fixture(scope="module")
def journeys(tmp_path_factory):
    """The models' answer for the events of a crowd up to a day: states and steps."""
    folder = tmp_path_factory.mktemp("journeys")
    database, target = str(folder / "journeys.duckdb"), str(folder / "target")
    variables = {"personalize_journeys": {"welcome": None, "win_back": None, "mine": JOURNEY}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERSONALIZE_DB", database)
        parsed = dbtRunner().invoke(["parse", "--target-path", target])
        assert parsed.success, parsed.exception
        runner = dbtRunner(manifest=parsed.result)

        def on(as_of, events):
            known = events[events.occurred_at <= as_of]
            with duckdb.connect(database) as connection:
                connection.register("known", known)
                connection.execute(
                    "create or replace table int_personalize__journey_events as "
                    "select * replace (cast(amount as decimal(18, 2)) as amount) from known"
                )
            models = ["int_personalize__journey_entries", "int_personalize__journey_steps"]
            models += ["personalize__journey_states"]
            given = json.dumps({**variables, "as_of": str(as_of)})
            done = runner.invoke(
                ["run", "--select", *models, "--vars", given, "--target-path", target]
            )
            assert done.success, done.exception
            with duckdb.connect(database) as connection:
                return connection.execute(
                    "select profile_id, stage, entered_at, exit_reason"
                    " from personalize__journey_states"
                ).fetchall()

        yield on


def test_states_are_those_of_a_walk_through_the_events_on_any_day(journeys):
    events = events_of_a_crowd()
    found = set()
    for day in (9, 30, 61):
        as_of = FIRST + day * DAY
        states = journeys(as_of, events)
        assert {person: tuple(state) for person, *state in states} == walked(events, as_of)
        found |= {(stage, reason) for _, stage, _, reason in states}
    assert len(found) >= 9


def test_a_day_that_was_missed_or_run_late_changes_nothing(journeys):
    events = events_of_a_crowd()
    late = events.event_id.str.endswith("-3")
    as_of = FIRST + 30 * DAY
    journeys(as_of, events[~late])
    after = sorted(journeys(as_of, events))
    assert after == sorted(journeys(as_of, events))
    assert {person: tuple(state) for person, *state in after} == walked(events, as_of)
