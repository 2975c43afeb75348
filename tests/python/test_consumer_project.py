"""A project that installs the package and maps its own tables, built from its own folder."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from common import ROOT
from dbt_process import dbt

PROJECT = ROOT / "tests" / "consumer_project"


@dataclass(frozen=True)
class Shop:
    """The bicycle shop, built."""

    folder: Path
    output: str

    def rows(self, sql):
        with duckdb.connect(str(self.folder / "shop.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def by_person(self, table, columns):
        """{first name: the columns} of a public table with one row per profile."""
        found = self.rows(
            f"select names.first_name, {columns} from {table} as rows_of_people inner join "
            "personalize__profiles as names using (profile_id)"
        )
        assert len(found) == len({row[0] for row in found})
        return {name: values[0] if len(values) == 1 else values for name, *values in found}

    def slot(self, name):
        return f"(select * from personalize__content_blocks where slot = '{name}')"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    dbt("deps", project=PROJECT, target=folder)
    built = dbt("build", project=PROJECT, target=folder, database=folder / "shop.duckdb")
    return Shop(folder, built.stdout)


def test_no_warning_and_nothing_deprecated(shop):
    assert " WARN=0 ERROR=0 SKIP=0 " in shop.output
    strict = ("--warn-error-options", '{"error": "all"}', "parse", "--no-partial-parse")
    for project in (PROJECT, ROOT):
        dbt(*strict, project=project, target=shop.folder / "strict")


def test_the_second_parse_is_a_partial_one(shop):
    again = dbt("parse", project=PROJECT, target=shop.folder, database=shop.folder / "shop.duckdb")
    assert "Unable to do partial parsing" not in again.stdout
    assert "Unable to do partial parsing" in shop.output


def test_installing_brings_no_demo_and_no_test_of_it(shop):
    assert not shop.rows("select 1 from duckdb_tables() where table_name like 'demo%'")
    nodes = json.loads((shop.folder / "manifest.json").read_text())["nodes"]
    assert not [name for name in nodes if re.search(r"(?<![a-z])demo(?![a-z])", name)]
    assert not [node for node in nodes.values() if "consumer_project" in node["original_file_path"]]


def test_rows_are_read_under_other_names(shop):
    kept = dict(shop.rows("select source_table, rows_kept from int_personalize__row_counts"))
    assert kept["customers"] == 10 and kept["products"] == 10 and not kept.get("web_events")
    assert shop.rows(
        "select source_table, source_record_id, reason from personalize__rejected_rows order by 1"
    ) == [
        ("consent_events", "13", "unknown status"),
        ("customers", "K9", "unparseable updated_at"),
    ]
    assert shop.rows(
        "select title, cast(price as double), url, is_available from stg_personalize__products "
        "where product_id in ('A3', 'A7', 'A10') order by product_id"
    ) == [
        ("Handlebar bag", None, "https://bicycles.example/A10", True),
        ("Child's bicycle", 299.0, "https://bicycles.example/A3", False),
        ("Chain oil", 9.9, "https://bicycles.example/A7", True),
    ]


def test_two_systems_one_person(shop):
    profiles = shop.rows(
        "select count(distinct profile_id), count(*) from personalize__identities "
        "where source_table = 'customers' and source_record_id in ('K1', 'W1')"
    )
    assert profiles == [(1, 2)]
    orders = shop.by_person(
        "personalize__profiles",
        "rows_of_people.order_count, cast(rows_of_people.monetary_value as double)",
    )
    assert orders["Anna"] == [2, 947.9]
    assert orders["Ben"] == [1, 1299.0]


def test_a_segment_of_the_shops_own(shop):
    riders = shop.rows(
        "select first_name from personalize__segments inner join personalize__profiles "
        "using (profile_id) where segment_id = 'bicycle_riders' order by 1"
    )
    assert riders == [("Anna",), ("Ben",), ("Greta",)]


def test_the_shops_triggers_win_where_they_are_due(shop):
    won = shop.rows(
        "select first_name, rule_id from personalize__triggers inner join personalize__profiles "
        "using (profile_id) where outcome = 'won' order by 1"
    )
    assert won == [
        *(("Anna", "birthday"), ("Ben", "win_back")),
        *(("Greta", "first_check"), ("Jana", "post_purchase")),
    ]


def test_everybody_is_mailed_or_excluded_for_a_reason(shop):
    assert set(shop.by_person("personalize__audience", "rows_of_people.email")) == {
        *("Anna", "Ben", "Emma", "Greta", "Jana"),
    }
    assert shop.by_person("personalize__exclusions", "reason") == {
        "Clara": "no_consent",
        "David": "no_consent",
        "Felix": "no_email",
        "Hugo": "suppressed",
    }


def test_a_block_of_the_shops_own_and_one_changed_in_one_key(shop):
    heroes = shop.by_person(shop.slot("hero"), "block_id, subject, headline")
    block, subject, headline = heroes["Greta"]
    assert subject == "Greta, your bicycle is due for its first check"
    assert (block, headline) in (
        ("hero_first_check", "The first check is free"),
        ("hero_first_check_short", "Half an hour, free of charge"),
    )
    assert {heroes[name][0] for name in ("Anna", "Ben", "Emma", "Jana")} <= {
        *("hero_birthday", "hero_win_back", "hero_post_purchase"),
        *("hero_recommended", "hero_popular"),
    }
    footers = shop.by_person(shop.slot("footer"), "block_id, headline, call_to_action")
    assert list(footers.values()) == [["footer", "Bicycle Shop", "Come by the workshop"]] * 5


def test_everybody_takes_part_in_the_shops_experiment(shop):
    assigned = shop.rows(
        "select profile_id, variation_id from personalize__experiment_assignments "
        "where experiment_id = 'check_words'"
    )
    assert len(assigned) == len({profile for profile, _ in assigned}) > 0
    assert {variation for _, variation in assigned} <= {"free", "short"}
    assert not shop.rows(
        "select 1 from personalize__experiment_assignments where experiment_id <> 'check_words'"
    )


def test_the_showcase_is_as_long_as_the_shop_says(shop):
    lengths = shop.rows(
        "select count(*) from personalize__content_blocks where slot = 'showcase' "
        "group by profile_id"
    )
    assert lengths == [(2,)] * 5


def test_only_whom_may_be_personalised_for_is(shop):
    strategies = shop.rows(
        "select distinct strategy from personalize__recommendations inner join "
        "personalize__profiles using (profile_id) where first_name = 'Emma'"
    )
    assert {strategy for (strategy,) in strategies} <= {"popular"}


def test_exports_are_filled(shop):
    assert shop.rows("select count(*) from export_personalize__braze_users") == [(5,)]
