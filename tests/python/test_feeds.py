"""Readers of the change feed, played over random histories on the feed's own SQL.

Braze keeps the newest updated_at it saw and the number of rows that had it, takes what is later,
and takes the rows at that time again when their number has changed. Nothing may be missed, nothing
taken twice, nothing fed when nothing moved.
"""

import json
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb
import pytest
from dbt_process import dbt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FEEDS = {
    "braze_users": ("external_id", "int_personalize__braze_user_rows"),
    "klaviyo_profiles": ("external_id", "int_personalize__klaviyo_profile_rows"),
    "hubspot_contacts": ("id", "int_personalize__hubspot_contact_rows"),
    "ses_entries": ("external_id", "int_personalize__ses_entry_rows"),
}
FIRST_DAY = datetime(2026, 5, 1, 6)
PEOPLE = "abcdef"
DAY = 86_400_000_000  # microseconds


@pytest.fixture(scope="module")
def feeds(demo, tmp_path_factory):
    """{feed: (its SQL on a database that has it already, its columns)}."""
    folder = tmp_path_factory.mktemp("feeds")
    shutil.copy(demo.database, folder / "demo.duckdb")
    shutil.copy(demo.folder / "partial_parse.msgpack", folder)
    names = [f"export_personalize__{name}" for name in FEEDS]
    dbt("compile", "--select", *names, target=folder, database=folder / "demo.duckdb")
    nodes = json.loads((folder / "manifest.json").read_text())["nodes"].values()
    return {
        node["name"].removeprefix("export_personalize__"): (
            node["compiled_code"],
            {name: column["data_type"] for name, column in node["columns"].items()},
        )
        for node in nodes
        if node["name"] in names and node.get("compiled_code")
    }


class Warehouse:
    """What a feed reads, and the feed."""

    def __init__(self, feed, sql, columns):
        self.feed, self.sql, (self.key, self.rows) = feed, sql, FEEDS[feed]
        self.columns = columns
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as demo; use demo.main")
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self.connection.execute(f"""
            create table export_personalize__{feed} ({listed});
            create table int_personalize__releases (as_of timestamp, is_released boolean);
            create table int_personalize__audience_state (external_id varchar, reason varchar);
            create table int_personalize__destination_refusals (esp varchar, external_id varchar);
            create table personalize__export_rejects
                (esp varchar, object varchar, record_key varchar);
            create table personalize_esp_limits
                (esp varchar, object varchar, limit_name varchar, limit_value bigint);
            insert into personalize_esp_limits select split_part('{feed}', '_', 1),
                split_part('{feed}', '_', 2), 'batch_rows', 2;
        """)

    def run(self, as_of, people, erased):
        """One build: who is in the audience with which content, and who was erased."""
        run = self.connection.execute
        run("delete from int_personalize__audience_state; delete from int_personalize__releases")
        run("insert into int_personalize__releases values (?, true)", [as_of])
        for person in erased:
            run("insert into int_personalize__audience_state values (?, 'erased')", [person])
        values = {
            "payload": "'{\"content\":' || content || '}'",
            "properties": "'{\"content\":' || content || '}'",
            "id": "person || '@mail.example'",
            "id_property": "'email'",
        }
        own = {"operation", "batch_number", "content_hash", "updated_at"}
        listed = ", ".join(
            f"{values.get(name, 'person')} as {name}" for name in self.columns if name not in own
        )
        run(
            f"create or replace table {self.rows} as select {listed}, content as content_hash"
            " from (select unnest(?::varchar[]) as person, unnest(?::varchar[]) as content)",
            [list(people), [str(content) for content in people.values()]],
        )
        sql = self.sql.replace(str(FIRST_DAY), str(as_of))
        feed = f"export_personalize__{self.feed}"
        run(f"create or replace temp table moved as {sql}")
        run(f"delete from {feed} where {self.key} in (select {self.key} from moved)")
        run(f"insert into {feed} by name select * from moved")
        if self.feed in ("braze_users", "ses_entries"):
            run(
                f"delete from {feed} where external_id in"
                " (select external_id from int_personalize__audience_state)"
            )
        return run("select count(*) from moved").fetchall()[0][0]

    def held(self):
        """{key: (updated_at, the rest of the row)}."""
        cursor = self.connection.execute(f"select * from export_personalize__{self.feed}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return {row[self.key]: (row["updated_at"], row["content_hash"]) for row in rows}


@dataclass
class Reader:
    """Braze's reader; it goes back when rows were added, or when their number changed."""

    counts: str
    watermark: datetime = datetime.min
    at_boundary: int = 0
    state: dict = field(default_factory=dict)
    taken: list = field(default_factory=list)

    def sync(self, held):
        now = sum(at == self.watermark for at, _ in held.values())
        again = now > self.at_boundary if self.counts == "added" else now != self.at_boundary
        for key, (at, content) in held.items():
            if at > self.watermark or (again and at == self.watermark):
                self.state[key] = content
                self.taken.append((key, at))
        self.watermark = max((at for at, _ in held.values()), default=self.watermark)
        self.at_boundary = sum(at == self.watermark for at, _ in held.values())


RUN = st.tuples(
    st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 2)),
    st.sets(st.sampled_from(PEOPLE), max_size=2),
    st.sampled_from([0, 0, 1, DAY]),  # microseconds since the last run
    st.booleans(),  # whether the reader comes by
)
HISTORIES = st.lists(RUN, min_size=1, max_size=8)


@pytest.mark.parametrize("counts", ["added", "changed"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES)
def test_braze_misses_nothing_and_takes_nothing_twice(feeds, counts, history):
    warehouse = Warehouse("braze_users", *feeds["braze_users"])
    reader = Reader(counts)
    as_of = FIRST_DAY
    for people, erased, later, reads in history:
        # Whoever asks to be forgotten asks after the last run, so this one speaks of a later time.
        as_of += timedelta(microseconds=max(later, DAY if erased else 0))
        present = {person: text for person, text in people.items() if person not in erased}
        warehouse.run(as_of, present, erased)
        assert warehouse.run(as_of, present, erased) == 0
        if reads:
            reader.sync(warehouse.held())
    held = warehouse.held()
    reader.sync(held)
    assert {key: reader.state[key] for key in held} == {key: row[1] for key, row in held.items()}
    assert len(reader.taken) == len(set(reader.taken))
    before = len(reader.taken)
    reader.sync(held)
    assert len(reader.taken) == before


@pytest.mark.parametrize("feed", FEEDS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES)
def test_a_feed_says_what_became_of_everybody(feeds, feed, history):
    """A reader that follows updated_at ends with the audience, whatever it missed in between."""
    warehouse = Warehouse(feed, *feeds[feed])
    as_of, watermark, platform = FIRST_DAY, datetime.min, {}
    gone = set()
    for people, erased, later, reads in history:
        # Whoever asks to be forgotten asks after the last run, so this one speaks of a later time.
        as_of += timedelta(microseconds=max(later, DAY if erased else 0))
        present = {person: text for person, text in people.items() if person not in erased}
        moved = warehouse.run(as_of, present, erased)
        held = warehouse.held()
        assert moved <= len(PEOPLE)
        gone = (gone | erased) - present.keys()
        if reads:
            news = {key: row for key, row in held.items() if row[0] > watermark}
            platform.update({key: content for key, (_, content) in news.items()})
            watermark = max((at for at, _ in held.values()), default=watermark)
            live = {key[0]: text for key, text in platform.items() if text.isdecimal()}
            known = live.keys() - gone
            assert {person: live[person] for person in known} == {
                person: str(text) for person, text in present.items()
            }
    assert warehouse.run(as_of, present, erased) == 0
    batches = warehouse.connection.execute(
        f"select count(*) from export_personalize__{feed}"
        + (" group by updated_at, operation, batch_number" if feed != "braze_users" else " limit 0")
    ).fetchall()
    assert all(rows <= 2 for (rows,) in batches)


def test_the_reader_can_repeat(feeds):
    """Rows of one run at one time, as they once were: who counts changes takes them twice."""
    reader = Reader("changed")
    one = datetime(2026, 5, 1)
    reader.sync({"a": (one, "0"), "b": (one, "0")})
    reader.sync({"a": (one, "0"), "b": (one + timedelta(days=1), "1")})
    assert reader.taken.count(("a", one)) == 2
