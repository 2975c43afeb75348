"""Every SQL model and test compiles for Snowflake without a connection, in Snowflake's own SQL.

Incremental models need one (dbt asks the warehouse whether they exist); they are read as the second
run on the emulator has sent them. What Python models send is in test_python_models.py.
"""

import itertools
import json
import os
import re
from pathlib import Path

import pytest
import sqlglot
from common import ROOT
from dbt_process import dbt
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

OFFLINE = {
    f"SNOWFLAKE_{name}": "offline"
    for name in ("ACCOUNT", "USER", "PASSWORD", "ROLE", "WAREHOUSE", "DATABASE")
}

# Functions of Snowflake's SQL reference that the package may use.
SNOWFLAKE_FUNCTIONS = {
    name
    for line in (ROOT / "tests" / "snowflake" / "functions.txt").read_text().splitlines()
    if not line.startswith("#")
    for name in line.split()
}

SNOWFLAKE_TYPES = """
    bigint boolean date decimal double float int smallint text timestamp timestampltz timestampntz
    timestamptz varchar variant
"""

# What may stand before a bracket without being a function.
NO_FUNCTION = """
    all and any as between by case cross decimal distinct else except exists from group having in
    intersect join lateral limit not on or over partition qualify recursive select then union using
    values varchar when where with within
"""

# Syntax that DuckDB has and Snowflake has not.
FOREIGN_SYNTAX = (exp.AtTimeZone, exp.Filter, exp.Lambda, exp.PositionalColumn, exp.Struct)


def functions_of(sql):
    """The names that are called in a statement."""
    tokens = sqlglot.tokenize(sql, read="snowflake")
    called = {
        name.text.lower()
        for name, bracket in itertools.pairwise(tokens)
        if bracket.token_type == sqlglot.TokenType.L_PAREN and re.fullmatch(r"\w+", name.text)
    }
    tables = {
        alias.name.lower()
        for alias in sqlglot.parse_one(sql, read="snowflake").find_all(exp.TableAlias)
        if alias.columns
    }
    return called - tables - set(NO_FUNCTION.split())


def problems(sql):
    """What Snowflake would not understand, one line each."""
    try:
        tree = sqlglot.parse_one(sql, read="snowflake")
    except sqlglot.ParseError as error:
        return [f"does not parse: {error}"]
    types = set(SNOWFLAKE_TYPES.split())
    kinds = {cast.to.this.value.lower() for cast in tree.find_all(exp.Cast)}
    return (
        [f"function {name}" for name in sorted(functions_of(sql) - SNOWFLAKE_FUNCTIONS)]
        + [f"type {name}" for name in sorted(kinds - types)]
        + [f"syntax {node.sql()}" for node in tree.find_all(*FOREIGN_SYNTAX)]
        + [f"division of no double {node}" for node in divisions_of_no_double(tree)]
    )


def divisions_of_no_double(tree):
    """Divisions of which no side is a double and one is known to be an integer or a decimal.

    Two integers or decimals divide to a double in DuckDB and to a decimal in Snowflake.
    """
    typed = annotate_types(
        qualify(tree.copy(), dialect="snowflake", validate_qualify_columns=False, identify=False),
        dialect="snowflake",
    )
    for division in typed.find_all(exp.Div):
        double = any(node.is_type(exp.DType.DOUBLE, exp.DType.FLOAT) for node in division.walk())
        if not double and (is_known(division.this) or is_known(division.expression)):
            yield division


def is_known(side):
    """Whether one side of a division has a type that can be told, and is no literal."""
    columns = [side] if isinstance(side, exp.Column) else side.find_all(exp.Column)
    unknown = any(column.is_type(exp.DType.UNKNOWN) for column in columns)
    return not unknown and not isinstance(side, exp.Literal)


@pytest.fixture(scope="module")
def offline(tmp_path_factory):
    """The target folder of dbt, with everything that compiles for Snowflake offline."""
    target = tmp_path_factory.mktemp("snowflake")
    dbt(
        "compile",
        *("--target", "snowflake", "--no-introspect", "--no-populate-cache"),
        *("--exclude", "config.materialized:incremental", "path:python_models"),
        *("resource_type:unit_test", "resource_type:snapshot"),
        target=target,
        **OFFLINE,
    )
    return target


@pytest.fixture(scope="module")
def compiled(offline):
    """{path: SQL} of everything dbt compiles for Snowflake offline."""
    folder = offline / "compiled" / "personalize"
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.sql")}


def test_everything_compiled_is_snowflakes_own_sql(compiled):
    found = {path: told for path, sql in compiled.items() if (told := problems(sql))}
    assert len(compiled) > 50
    assert not found, "\n".join(f"{path}: {'; '.join(told)}" for path, told in found.items())


def warehouses(manifest):
    """{model: the warehouse it runs on where it is not the profile's own}."""
    nodes = json.loads(manifest.read_text())["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model"]
    named = {node["name"]: node["config"].get("snowflake_warehouse") for node in models}
    assert len(named) > 100
    return {name: warehouse for name, warehouse in named.items() if warehouse}


def test_every_model_runs_on_the_profiles_warehouse(offline):
    named = warehouses(offline / "manifest.json")
    assert len(named) > 50
    assert set(named.values()) == {OFFLINE["SNOWFLAKE_WAREHOUSE"]}


def test_what_is_large_runs_on_the_warehouses_that_the_environment_names():
    """As the build on the emulator had them."""
    given = os.environ.get("PERSONALIZE_TEST_SNOWFLAKE")
    if not given:
        pytest.skip("make test runs dbt on the emulator first")
    named = warehouses(Path(given) / "manifest.json")
    training = {name for name, warehouse in named.items() if warehouse == "TRAINING"}
    assert training == {
        f"int_personalize__{name}"
        for name in (
            *("item_graph", "item_slim", "item_filter", "item_transitions", "item_vectors"),
            "prediction_training",
        )
    }
    assert {named[name] for name in named.keys() - training} == {"TRANSFORMING_LARGE"}
    grow = ("checked_web_events", "resolved_email_events", "affinities", "prediction_events")
    assert {f"int_personalize__{name}" for name in (*grow, "graph_candidates")} <= named.keys()
    assert not named.keys() & {"personalize__audience", "int_personalize__settings"}


def test_incremental_models_are_snowflakes_own_sql_too():
    """As they stand in the second run, with the rows of the first one in their tables."""
    given = os.environ.get("PERSONALIZE_TEST_SNOWFLAKE")
    if not given:
        pytest.skip("make test runs dbt on the emulator first")
    nodes = json.loads((Path(given) / "manifest.json").read_text())["nodes"].values()
    incremental = [node for node in nodes if node["config"]["materialized"] == "incremental"]
    paths = {ROOT / node["compiled_path"] for node in incremental}
    found = {path.name: told for path in paths if (told := problems(path.read_text()))}
    assert len(paths) > 10
    assert not found, "\n".join(f"{path}: {'; '.join(told)}" for path, told in found.items())


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("select list(x) from t", "function list"),
        ("select strftime(x, '%Y') from t", "function strftime"),
        ("select cast(x as json) from t", "type json"),
        ("select cast(x as hugeint) from t", "type int128"),
        ("select sum(x) filter (where y) from t", "syntax"),
        ("select x at time zone 'UTC' from t", "syntax"),
        ("select sum(a) / count(*) from t", "division"),
        ("select cast(sum(a) as double) / count(*) from t", None),
        ("select a, from t where", "does not parse"),
        ("with t (a, b) as (select 1, 2) select sum(a) from t", None),
    ],
)
def test_the_check_can_fail(sql, problem):
    found = problems(sql)
    assert any(line.startswith(problem) for line in found) if problem else not found
