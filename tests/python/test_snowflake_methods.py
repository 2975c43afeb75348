"""SLIM and the filter on emulated Snowflake and on DuckDB: the same lists."""

import os
import shutil
import sys
from pathlib import Path

import parity
import pytest
from common import ROOT
from dbt_process import dbt

# From what is learnt to the lists; what lies before it does not depend on the method.
STEPS = (
    *("run", "--vars", "{similar_method: slim_and_filter}"),
    *("--select", "int_personalize__settings", "int_personalize__item_filter"),
    "int_personalize__item_slim+,+personalize__recommendations",
)
COMPARED = ("item_slim", "item_filter", "item_weights", "graph_candidates")


@pytest.mark.heavy
def test_slim_and_filter_make_the_same_lists(demo, tmp_path):
    given = os.environ.get("PERSONALIZE_TEST_SNOWFLAKE")
    if not given:
        pytest.skip("make test builds the shop on the emulator first")
    shutil.copytree(Path(given) / "database", tmp_path / "database")
    shutil.copy(demo.database, tmp_path / "personalize.duckdb")
    dbt(*STEPS, target=tmp_path / "duckdb", database=tmp_path / "personalize.duckdb")
    emulator = (sys.executable, str(ROOT / "tests" / "snowflake" / "emulator.py"))
    dbt(
        *(*STEPS, "--database", tmp_path / "database"),
        target=tmp_path / "snowflake",
        program=emulator,
    )

    names = (*(f"int_personalize__{name}" for name in COMPARED), "personalize__recommendations")
    found = parity.compare(tmp_path / "personalize.duckdb", tmp_path / "database", names)
    assert [difference.relation for difference in found if difference.is_same] == sorted(names)
    assert min(difference.rows for difference in found) > 500
