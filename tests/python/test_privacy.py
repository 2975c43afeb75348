"""Every column says how private it is, it is so on the demo shop, and masked views hide it."""

import re
from collections import defaultdict

import duckdb
import pytest
from privacy_tags import described, files, tag

TAGS = {"pii", "quasi", "none"}

# Columns whose addresses are nobody's: placeholders, and the sender of the e-mails.
NOBODYS = {
    ("int_personalize__blocked_identifiers", "identifier"),
    ("int_personalize__settings", "value"),
}
# Models that describe only what is not a feature of int_personalize__prediction_features.
MADE_OF_FEATURES = {
    "int_personalize__prediction_training_set": [""],
    "int_personalize__prediction_models": ["mean_", "scale_", "coefficient_"],
}


def tags(node):
    """{column: tag} of a node of the manifest."""
    return {
        column["name"]: (column.get("config", {}).get("meta") or column.get("meta", {})).get(
            "privacy"
        )
        for column in node["columns"].values()
    }


def test_every_column_has_a_tag():
    missing = [
        f"{model}.{column['name']}"
        for path in files()
        for model, column in described(path)
        if (column.get("config", {}).get("meta") or {}).get("privacy") not in TAGS
    ]
    assert not missing, f"python tools/privacy_tags.py --write tags {missing[:10]}"


def test_the_tags_are_what_the_rules_say():
    assert not [
        f"{model}.{column['name']}"
        for path in files()
        for model, column in described(path)
        if column["config"]["meta"]["privacy"] != tag(model, column["name"])
    ]


def test_every_column_of_the_database_is_described(demo):
    described_columns = {
        node["name"]: {column.lower() for column in node["columns"]}
        for node in demo.nodes("model", "snapshot")
    }
    for model, prefixes in MADE_OF_FEATURES.items():
        described_columns[model] |= {
            prefix + feature
            for prefix in prefixes
            for feature in described_columns["int_personalize__prediction_features"]
        }
    undescribed = [
        f"{table}.{column}"
        for table, column in demo.rows(
            "select table_name, lower(column_name) from duckdb_columns() where not internal"
        )
        if table in described_columns
        and column not in described_columns[table]
        and not column.startswith("dbt_")
    ]
    assert not undescribed


def texts_that_are_not_pii(demo):
    """{table: its text columns that are tagged quasi or none}."""
    by_name = {node["name"]: tags(node) for node in demo.nodes("model", "snapshot")}
    found = defaultdict(list)
    for table, column in demo.rows(
        "select table_name, column_name from duckdb_columns() where not internal"
        " and data_type = 'VARCHAR'"
    ):
        if table in by_name and by_name[table].get(column) in ("quasi", "none"):
            found[table].append(column)
    return found


@pytest.mark.parametrize("kind", ["addresses", "phones", "names", "accounts"])
def test_what_is_not_pii_holds_nothing_that_names_a_person(demo, kind):
    """Looked for in every text column that is not tagged pii.

    Some customers typed one of the seed's placeholders; those are not looked for.
    """
    queries = {
        "addresses": "select distinct email from stg_personalize__customers",
        "phones": "select distinct phone from stg_personalize__customers",
        "names": "select distinct last_name from stg_personalize__customers"
        " where length(last_name) > 4",
        "accounts": "select distinct source_customer_id from stg_personalize__customers"
        " where length(source_customer_id) > 4",
    }
    values = {value.lower() for (value,) in demo.rows(queries[kind]) if value}
    placeholders = demo.rows("select identifier from int_personalize__blocked_identifiers")
    values = sorted(values - {value for (value,) in placeholders})
    assert len(values) > 50
    found = []
    with duckdb.connect(str(demo.database), read_only=True) as connection:
        connection.execute("create temp table wanted as select unnest(?) as value", [values])
        for table, columns in texts_that_are_not_pii(demo).items():
            counts = ", ".join(
                f"count_if(lower({column}) in (select value from wanted))" for column in columns
            )
            held = connection.execute(f"select {counts} from {table}").fetchone()
            found += [
                f"{table}.{column}" for column, rows in zip(columns, held, strict=True) if rows
            ]
    assert not found


def test_no_address_stands_in_a_column_that_is_not_pii(demo):
    found = []
    for table, columns in texts_that_are_not_pii(demo).items():
        counts = ", ".join(
            f"count_if(contains({column}, '@')"
            f" and regexp_matches({column}, '[^ @]+@[^ @]+[.][a-z]'))"
            for column in columns
        )
        (held,) = demo.rows(f"select {counts} from {table}")
        found += [(table, column) for column, rows in zip(columns, held, strict=True) if rows]
    assert not set(found) - NOBODYS


def test_masked_views_hide_the_people_and_keep_the_rows(demo):
    masked = [node for node in demo.nodes("model") if "__masked_" in node["name"]]
    assert len(masked) > 3
    emails = [
        value for (value,) in demo.rows("select distinct email from personalize__profiles") if value
    ]
    for node in masked:
        original = node["name"].replace("masked_", "")
        (rows,), (all_rows,) = (
            demo.rows(f"select count(*) from {name}")[0] for name in (node["name"], original)
        )
        assert rows == all_rows
        (text,) = demo.rows(
            f"select lower(string_agg(cast(t as varchar), chr(10))) from {node['name']} as t"
        )[0]
        assert not [email for email in emails if email.lower() in (text or "")]
        assert not re.search(r"[^\s@]+@[^\s@]+[.][a-z]{2,}", text or "")
    (birthdays,) = demo.rows(
        "select count(*) from personalize__masked_profiles where birth_date is not null"
        " and strftime(birth_date, '%m-%d') <> '01-01'"
    )[0]
    assert birthdays == 0
