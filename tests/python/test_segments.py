"""How long a person has been in a segment survives reruns, missed days and repeated days."""

import json

import duckdb
import pandas as pd
import pytest
import room
from dbt.cli.main import dbtRunner

DAYS = [f"2026-05-0{day} 06:00:00" for day in range(1, 5)]


@pytest.fixture
def days(tmp_path, monkeypatch):
    """Runs a day with its members and erased people; gives {person: since} and the stays."""
    database, target = str(tmp_path / "segments.duckdb"), str(tmp_path / "target")
    monkeypatch.setenv("PERSONALIZE_DB", database)
    parsed = dbtRunner().invoke(["parse", "--target-path", target])
    assert parsed.success, parsed.exception
    runner = dbtRunner(manifest=parsed.result)
    run = set()

    def rows(sql):
        with duckdb.connect(database) as connection:
            return connection.execute(sql).fetchall()

    def day(as_of, members, erased=""):
        run.add(as_of)
        people = list("abcd")
        is_erased = [person in erased for person in people]
        tables = {
            "runs": pd.DataFrame({"as_of": pd.to_datetime(sorted(run))}),
            "permissions": pd.DataFrame({"profile_id": people, "is_erased": is_erased}),
            "segment_members": pd.DataFrame({"profile_id": list(members), "segment_id": "readers"}),
        }
        room.land(database, tables)
        models = ["int_personalize__segment_spells", "personalize__segments"]
        arguments = ["--vars", json.dumps({"as_of": as_of}), "--target-path", target]
        done = runner.invoke(["run", "--select", *models, *arguments])
        assert done.success, done.exception
        since = rows("select profile_id, entered_at::varchar from personalize__segments")
        return dict(since), rows(
            "select profile_id, entered_at::varchar, left_at::varchar "
            "from int_personalize__segment_spells order by 1, 2"
        )

    return day


def test_stays_begin_last_and_end(days):
    first, second, _, fourth = DAYS
    assert days(first, "abc")[0] == {"a": first, "b": first, "c": first}

    since, stays = days(second, "abd")
    assert since == {"a": first, "b": first, "d": second}
    assert stays == [
        ("a", first, None),
        ("b", first, None),
        ("c", first, second),
        ("d", second, None),
    ]
    assert days(second, "abd") == (since, stays)

    # A past day is rebuilt: it is answered from what was known then, and changes nothing.
    assert days(first, "abc") == ({"a": first, "b": first, "c": first}, stays)

    # The third day is missed; on the fourth c is back and b has been erased.
    since, stays = days(fourth, "ac", erased="b")
    assert since == {"a": first, "c": fourth}
    assert stays == [
        ("a", first, None),
        ("c", first, second),
        ("c", fourth, None),
        ("d", second, fourth),
    ]
