"""The last lines of a build."""

from pathlib import Path

import duckdb
import pytest
from summary import Exports, summary

RUN_1 = """
    create table int_personalize__settings as
        select 'as_of' as name, '2026-05-01 06:00:00' as value;
    create table personalize__profiles as select range as profile_id from range(2000);
    create table personalize__audience as select range as profile_id from range(1700);
    create table personalize__exclusions as
        select
            range as profile_id,
            case when range < 200 then 'no_consent' else 'held_out' end as reason
        from range(300);
    create table personalize__rejected_rows as
        select 'orders' as source_table, 'unparseable ordered_at' as reason from range(3)
        union all select 'customers', 'missing source_customer_id';
    create table personalize__model_registry as
        select * from (values
            ('churn', 'champion', 'log_loss', 0.30, 0.35, timestamp '2026-05-01'),
            ('purchase', 'fallback', 'log_loss', 0.36, 0.35, timestamp '2026-05-01'),
            ('visit', 'fallback', 'log_loss', null, 0.35, timestamp '2026-05-01'),
            ('purchase', 'champion', 'log_loss', 0.20, 0.35, timestamp '2026-04-30')
        ) as t (model, status, metric, value, baseline_value, decided_at);
    create table export_personalize__braze_users as
        select
            'u' || range as "EXTERNAL_ID",
            timestamp '2026-05-01' as "UPDATED_AT",
            '{}' as "PAYLOAD"
        from range(4);
    create table export_personalize__braze_deletes (external_id text, updated_at timestamp);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(RUN_1)
    return path


def test_everything_is_told_in_plain_words(database, tmp_path):
    lines = summary(database, Exports(tmp_path / "there was none.duckdb"))
    assert lines == [
        "",
        "What came out, as of 2026-05-01 06:00:00 UTC:",
        "  2,000 profiles, of whom 1,700 may be mailed now",
        "          200  gave no live permission",
        "          100  are held out for measuring",
        "  4 rows of the input rejected",
        "            3  orders: unparseable ordered_at",
        "            1  customers: missing source_customer_id",
        "  model churn: promoted (log_loss 0.3000, baseline 0.3500)",
        "  model purchase: no model surely beat the baseline, which is used "
        "(log_loss 0.3600, baseline 0.3500)",
        "  model visit: too little to learn from, the baseline is used",
        "  export_personalize__braze_deletes: 0 rows, none moved in the first run",
        "  export_personalize__braze_users: 4 rows, 4 new in the first run",
        "",
        f"Where to look: the tables personalize__… in {database}, and make preview.",
    ]


def test_exports_are_compared_with_the_last_run(database):
    before = Exports(database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("""
            delete from export_personalize__braze_users where "EXTERNAL_ID" = 'u0';
            update export_personalize__braze_users set "UPDATED_AT" = timestamp '2026-05-02'
            where "EXTERNAL_ID" = 'u1';
            insert into export_personalize__braze_users values ('u8', timestamp '2026-05-02', '{}');
            insert into export_personalize__braze_users values ('u9', timestamp '2026-05-02', '{}');
        """)
    assert (
        "  export_personalize__braze_users: 5 rows, 2 new, 1 changed and 1 removed "
        "since the last run"
    ) in summary(database, before)


def test_a_second_run_moves_nothing(database):
    lines = summary(database, Exports(database))
    assert "  export_personalize__braze_users: 4 rows, none moved since the last run" in lines


def test_many_reasons_are_cut_short(database, tmp_path):
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into personalize__rejected_rows "
            "select 'orders', 'reason ' || range from range(20)"
        )
    lines = summary(database, Exports(database))
    rejected = [line for line in lines if "orders:" in line or "customers:" in line]
    assert len(rejected) == 8
    assert "           and 14 more reasons" in lines


def test_nothing_rejected_is_said(database):
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from personalize__rejected_rows")
    assert "  no row of the input was rejected" in summary(database, Exports(database))
