"""Identity with likely pairs switched off: exact identifiers alone, and nothing missing."""

import csv

import duckdb
import pytest
from dbt_process import dbt
from load_raw import load

WITHOUT = "{match_likely_pairs: false, as_of: '2026-05-01 06:00:00'}"
PEOPLE = [
    # Two accounts share a mailbox, the third is like them in all but that, the fourth is alone.
    ("shop", "1", "ada@mail.example", "Ada", "Byron", "1815-12-10"),
    ("till", "2", "ada@mail.example", "Ada", "Byron", ""),
    ("till", "3", "countess@mail.example", "Ada", "Byron", ""),
    ("till", "4", "", "Bo", "", ""),
]


@pytest.fixture
def database(tmp_path):
    """A database with these people and no product."""
    raw = tmp_path / "raw"
    raw.mkdir()
    columns = ("source_system", "source_customer_id", "email", "first_name", "last_name")
    with (raw / "customers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, "birth_date", "updated_at"])
        writer.writerows([*person, "2026-01-01 10:00:00"] for person in PEOPLE)
    (raw / "products.csv").write_text("product_id,title\nnone,none\n")
    load(raw, tmp_path / "shop.duckdb", False, [])
    return tmp_path / "shop.duckdb"


def test_identity_is_built_without_likely_pairs(database, tmp_path):
    """Twice: only the shared mailbox joins, also where the tables are there from the last run."""
    for _ in range(2):
        dbt(
            *("build", "--profile", "personalize_files", "--vars", WITHOUT),
            *("--exclude-resource-type", "unit_test"),
            *("--select", "+int_personalize__identity_map", "--indirect-selection", "cautious"),
            target=tmp_path / "target",
            database=database,
        )
        with duckdb.connect(str(database)) as connection:
            persons = connection.execute(
                "select account, person, match_rule, match_probability"
                " from int_personalize__persons order by account"
            ).fetchall()
            tables = connection.execute("select table_name from information_schema.tables")
            names = {name for (name,) in tables.fetchall()}
        assert persons == [
            ("shop|1", "shop|1", "account", 1.0),
            ("till|2", "shop|1", "email", 1.0),
            ("till|3", "till|3", "account", 1.0),
            ("till|4", "till|4", "account", 1.0),
        ]
        assert not {name for name in names if name.startswith("int_personalize__match_s")}
