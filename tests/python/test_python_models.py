"""The Python models run where Snowflake would run them: its packages, pandas 2, Snowpark."""

import ast
import pickle
import re
import subprocess
import sys
import venv
from pathlib import Path

import cloudpickle
import pandas
import pytest
import yaml
from common import ROOT
from model_runs import PATHS, Dbt, lines, main, module

# The packages of Snowflake's channel that a model may name, and what they are imported as:
# https://repo.anaconda.com/pkgs/snowflake/
CHANNEL = {"numpy": "numpy", "pandas": "pandas", "scipy": "scipy", "scikit-learn": "sklearn"}
# https://docs.snowflake.com/en/developer-guide/snowpark/python/setup
PYTHON_VERSIONS = {"3.9", "3.10", "3.11", "3.12", "3.13"}
PANDAS_2 = ("pandas>=2.2,<3", "numpy>=1.26,<3", "scipy>=1.12,<2", "scikit-learn>=1.5,<2")


def imported(path):
    """The packages beside the standard library that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names


@pytest.mark.parametrize("name", PATHS)
def test_declares_what_it_imports_and_snowflake_has_it(name):
    (about,) = yaml.safe_load(PATHS[name].with_suffix(".yml").read_text())["models"]
    assert about["config"]["python_version"] in PYTHON_VERSIONS
    assert {CHANNEL[package] for package in about["config"]["packages"]} == imported(PATHS[name])


# Models share no code, for Snowflake gives them no imports of ours: what they repeat, they repeat
# letter by letter. test_boundary.py asks the same of read and write, which every model has.
@pytest.mark.parametrize("name", ["largest_per_row", "power", "times", "singular_vectors"])
def test_what_models_repeat_has_one_text(name):
    texts = []
    for path in PATHS.values():
        functions = [node for node in ast.parse(path.read_text()).body if hasattr(node, "args")]
        texts += [ast.unparse(node) for node in functions if node.name == name]
    assert len(texts) > 1
    assert len(set(texts)) == 1


# What Python models may read, and what holds its rows down; docs/snowflake.md says how many.
BOUNDED = {
    "int_personalize__settings": "settings",
    "int_personalize__recommendation_rules": "declared rules",
    "int_personalize__numbered_products": "products",
    "int_personalize__product_texts": "products",
    "int_personalize__publishable_counts": "products, segments and experiment cells",
    "int_personalize__experiment_cells": "experiment cells",
    "int_personalize__learnt_interactions": "similar_max_training_profiles",
    "int_personalize__run_measures": "unusual_run_max_runs",
    "int_personalize__prediction_training_set": "prediction_max_training_profiles",
    "int_personalize__recommendation_backtest": "recommendation_backtest_profiles",
    "int_personalize__judged_groups": "recommendation_backtest_profiles",
    "int_personalize__candidate_parts": "profiles_per_part",
    "int_personalize__numbered_choices": "profiles_per_part",
    "int_personalize__match_levels": "levels",
    "int_personalize__match_limits": "rules",
    "int_personalize__match_patterns": "patterns",
    "int_personalize__match_groups": "doubtful",
    "int_personalize__doubtful_links": "doubtful",
    "int_personalize__ranking_features": "recommendation_backtest_profiles",
}


@pytest.mark.parametrize("name", PATHS)
def test_what_a_model_reads_is_held_down_and_the_page_says_by_what(name):
    tree = ast.parse(PATHS[name].read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    read = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "ref"
    }
    assert read and read <= BOUNDED.keys()
    page = (ROOT / "docs" / "snowflake.md").read_text()
    (line,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
    for relation in read - {"int_personalize__settings"}:
        assert re.search(BOUNDED[relation].split(",")[0].split()[-1], line)


@pytest.fixture(scope="module")
def snowpark():
    """A session of Snowpark's local testing mode: its frames, without a warehouse.

    After a filter it gives whole numbers to the wrong rows, by an index that it forgot to renew.
    """
    from snowflake.snowpark import Session
    from snowflake.snowpark.mock import _connection as mock

    as_pandas = mock._fix_pandas_df_fixed_type

    def in_order(table):
        table.index = range(len(table))
        return as_pandas(table)

    session = Session.builder.config("local_testing", True).create()
    never_built = session.create_dataframe([[0]], schema=["FOUND"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mock, "_fix_pandas_df_fixed_type", in_order)
        patch.setattr(session, "sql", lambda _: never_built)  # local testing knows no SQL
        yield session
    session.close()


def snowpark_ref(snowpark, rows_of):
    """dbt's ref, with Snowpark frames of the rows that a function gives for a relation's name."""
    from snowflake.snowpark.types import StringType, StructField, StructType

    def ref(relation):
        rows = rows_of(relation).rename(columns=str.upper)
        if rows.empty:  # local testing cannot tell the types of no rows
            schema = StructType([StructField(column, StringType()) for column in rows])
            frame = snowpark.create_dataframe([], schema=schema)
            frame.filter = lambda _: frame  # nor, after a filter, their columns
            return frame
        for name in rows.columns[rows.isna().any()]:  # local testing knows no pandas.NA
            rows[name] = rows[name].astype(object).where(rows[name].notna(), None)
        return snowpark.create_dataframe(rows.dropna(axis="columns", how="all"))

    return ref


@pytest.mark.parametrize("name", PATHS)
def test_gives_the_same_rows_through_snowpark(name, demo, snowpark):
    ref = snowpark_ref(snowpark, lambda relation: demo.frame(f"select * from {relation}"))
    given = module(name).model(Dbt(ref), snowpark)
    landed = snowpark.create_dataframe(given).to_pandas()
    assert list(landed.columns) == [column.upper() for column in landed.columns]
    built = demo.frame(f"select * from {name}")
    assert lines(name, landed[[column.upper() for column in built.columns]]) == lines(name, built)


@pytest.mark.parametrize("name", ["int_personalize__item_slim", "int_personalize__item_filter"])
def test_slim_and_filter_are_the_same_through_snowpark(name, demo, snowpark):
    import duckdb

    def rows_of(relation):
        rows = demo.frame(f"select * from {relation}")
        if relation == "int_personalize__settings":
            rows.loc[rows["name"] == "similar_method", "value"] = "slim_and_filter"
        return rows

    given = module(name).model(Dbt(snowpark_ref(snowpark, rows_of)), snowpark)
    landed = snowpark.create_dataframe(given).to_pandas()
    with duckdb.connect() as connection:
        ref = Dbt(lambda relation: connection.from_df(rows_of(relation)))
        built = module(name).model(ref, connection)
    assert built["window_number"].nunique() == 4 and len(built) > 1000
    assert lines(name, landed[[column.upper() for column in built.columns]]) == lines(name, built)


class Parts:
    """A Snowpark frame as far as a table function over parts needs one: local testing has none.

    Each part is worked on in a process of its own, by a copy of the function, as in Snowflake.
    """

    def __init__(self, rows):
        self.rows = rows

    def __getitem__(self, name):
        return self

    def count(self):
        return self.rows["PART"].nunique()

    def cast(self, kind):
        return self

    def alias(self, name):
        return name

    def select(self, *names):
        self.schema = names
        return self

    def distinct(self):
        return self

    def group_by(self, name):
        assert name == "PART"
        return self

    def apply_in_pandas(self, function, output_schema, packages):
        assert set(packages) <= CHANNEL.keys()
        tables = []
        for _, part in self.rows.groupby("PART"):
            worker = "import sys, pickle; f, x = pickle.load(sys.stdin.buffer); x = f(x); "
            worker += "sys.stdout.buffer.write(pickle.dumps(x))"
            sent = cloudpickle.dumps((function, part.sample(frac=1, random_state=7)))
            done = subprocess.run(
                [sys.executable, "-c", worker], input=sent, capture_output=True, check=True
            )
            tables.append(pickle.loads(done.stdout))
            assert list(tables[-1].columns) == list(output_schema)
        return pandas.concat(tables)


@pytest.mark.parametrize("parts", [1, 3, 7])
def test_candidates_in_parts_are_those_of_one_process(parts, demo):
    name = "int_personalize__graph_candidates"
    rows = demo.frame("select * from int_personalize__candidate_parts")
    is_similarity = rows["similar_product_number"] >= 0
    people, graph = rows[~is_similarity], rows[is_similarity]
    people = people.assign(part=people["profile_number"] % parts)
    given = pandas.concat([people, *(graph.assign(part=part) for part in range(parts))])
    assert given.groupby("part").size().min() > len(graph)

    model = module(name)
    found = model.side_by_side(Parts(given.rename(columns=str.upper)), count=12)
    built = demo.frame(f"select * from {name}")
    assert len(built) > 100
    assert lines(name, found) == lines(name, built)
    settings = demo.frame("select * from int_personalize__settings where name like '%_per_profile'")
    assert settings.set_index("name")["value"]["recommendations_per_profile"] == "12"


@pytest.mark.parametrize("parts", [1, 4])
def test_choices_in_parts_are_those_of_one_process(parts, demo):
    name = "int_personalize__varied_choices"
    rows = demo.frame("select * from int_personalize__numbered_choices")
    given = rows.assign(part=rows["profile_number"] % parts).rename(columns=str.upper)
    model = module(name)
    found = model.side_by_side(Parts(given), places=12, weight=0.25)
    expected = model.choose(rows, places=12, weight=0.25)[list(model.SCHEMA)]
    assert len(expected) > 100
    assert lines(name, found) == lines(name, expected)


@pytest.mark.heavy
def test_gives_the_same_rows_on_pandas_2(demo, tmp_path):
    import duckdb

    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    install = ("install", "--quiet", "--disable-pip-version-check")
    packages = (*PANDAS_2, f"duckdb=={duckdb.__version__}")
    subprocess.run([python, "-m", "pip", *install, *packages], check=True)
    version = subprocess.check_output(
        [python, "-c", "import pandas; print(pandas.__version__)"], text=True
    )
    assert version.startswith("2.")
    old, new = tmp_path / "pandas_2.jsonl", tmp_path / "pandas_3.jsonl"
    script = str(Path(__file__).with_name("model_runs.py"))
    subprocess.run([python, script, str(demo.database), str(old)], check=True)
    main(str(demo.database), new)
    assert old.read_text() == new.read_text()
    assert old.read_text().count("\n") > 1000
