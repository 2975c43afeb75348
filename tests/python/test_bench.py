"""The made-up shop of make bench: the shape it promises, and the same every time."""

import shutil

import bench_feeds
import duckdb
import pytest
from bench import TABLES, generate
from bench_recommenders import medians
from load_raw import found, input_contract, inspected


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    for folder in folders:
        generate(3000, folder)
    return folders


def test_the_same_shop_every_time(shops):
    for table in TABLES:
        assert len({(folder / f"{table}.parquet").read_bytes() for folder in shops}) == 1


def test_the_shop_has_the_shape_it_promises(shops):
    rows = {
        table: duckdb.sql(f"select count(*) from '{shops[0]}/{table}.parquet'").fetchall()[0][0]
        / 3000
        for table in TABLES
    }
    assert 18 < rows["web_events"] < 22
    assert 4.5 < rows["orders"] < 5.5
    assert 9 < rows["email_events"] < 11
    assert 1.2 < rows["customers"] < 1.4
    busiest = duckdb.sql(
        f"select max(n), median(n) from (select count(*) as n from '{shops[0]}/web_events.parquet' "
        "group by split_part(event_id, '-', 1))"
    ).fetchall()[0]
    assert busiest[0] > 20 * busiest[1]


def test_every_file_fits_the_contract(shops, capsys):
    contract = input_contract()
    for table, path in found(contract, shops[0]).items():
        inspected(contract, table, path)
    assert capsys.readouterr().out == ""


def test_the_feeds_are_measured_on_people_of_their_own(demo, tmp_path):
    database = tmp_path / "feeds.duckdb"
    shutil.copy(demo.database, database)
    bench_feeds.multiply(database, 1000)
    hashes = "select external_id, content_hash from int_personalize__letters"
    with duckdb.connect(str(database)) as connection:
        before = dict(connection.execute(hashes).fetchall())
    assert len(before) == len(set(before.values())) == 1000
    assert set(bench_feeds.watermarks(database).values()) == {None}
    bench_feeds.move(database, bench_feeds.MOVED)
    with duckdb.connect(str(database)) as connection:
        after = dict(connection.execute(hashes).fetchall())
        reads = "select count(*) from int_personalize__audience_state where reason is null"
        assert connection.execute(reads).fetchall() == [(1000,)]
    assert after.keys() == before.keys()
    assert 0 < sum(after[key] != before[key] for key in after) < 30


def test_several_runs_of_a_method_count_as_one():
    runs = [
        {"fit": 3.0, "score": 1.0, "recall": 0.2, "peak": 1.0},
        {"fit": 9.0, "score": 0.5, "recall": 0.2, "peak": 2.0},
        {"fit": 4.0, "score": 0.7, "recall": 0.2, "peak": 1.5},
    ]
    assert medians(runs) == {"fit": 4.0, "score": 0.7, "recall": 0.2, "peak": 2.0}
    assert medians([*runs, {}]) == {}, "one of them did not finish"


def test_what_is_not_timed_counts_too():
    assert medians([{"recall": 0.3, "peak": 1.0}]) == {"recall": 0.3, "peak": 1.0}
