"""make build RAW=…, end to end: the demo shop as a folder of exports is the demo shop."""

import json
import os
import shutil
import subprocess
import sys

import duckdb
import pytest
from common import ROOT
from load_raw import input_contract

pytestmark = pytest.mark.heavy

# What the demo declares and a folder of exports does not.
OF_THE_DEMO = {
    "shop_name": "Kettle & Bean",
    "personalize_experiments": {
        "hero_tone": {
            "description": "Whether a warm or a plain headline sells more",
            "variations": {"friendly": 0.5, "factual": 0.5},
            "blocks": {"factual": {"hero": "hero_recommended_factual"}},
        }
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    (folder / "raw").mkdir()
    for table in input_contract():
        shutil.copy(ROOT / "seeds" / "demo" / f"demo_{table}.csv", folder / "raw" / f"{table}.csv")
    return folder


def build(folder):
    process = subprocess.run(
        [sys.executable, ROOT / "tools" / "run.py", "build"],
        env={
            **os.environ,
            "RAW": str(folder / "raw"),
            "DB": str(folder / "shop.duckdb"),
            "AS_OF": "2026-05-01T06:00:00Z",
            "VARS": json.dumps(OF_THE_DEMO),
            "DBT_TARGET_PATH": str(folder),
            "DBT_LOG_PATH": str(folder),
        },
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def test_the_demo_as_a_folder_of_exports_gives_what_the_demo_gives(demo, folder):
    told = build(folder)
    assert "What came out, as of 2026-05-01 06:00:00 UTC:" in told
    assert "export_personalize__braze_users" in told
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo.database}' as demo (read_only)")
        connection.execute(f"attach '{folder / 'shop.duckdb'}' as shop (read_only)")
        public = connection.execute(
            "select distinct table_name, schema_name from duckdb_columns() "
            "where database_name = 'demo' and table_name like '%personalize__%' "
            "and not starts_with(table_name, 'int_') and not starts_with(table_name, 'stg_')"
        ).fetchall()
        assert len(public) > 15
        for table, schema in public:
            one, other = (f'{database}."{schema}"."{table}"' for database in ("demo", "shop"))
            differing = connection.execute(
                f"(from {one} except all from {other}) union all "
                f"(from {other} except all from {one})"
            ).fetchall()
            assert differing == [], table


def test_a_second_run_of_the_same_folder_moves_no_export(folder):
    moved = [line for line in build(folder).splitlines() if line.startswith("  export_")]
    assert moved and all("none moved since the last run" in line for line in moved)
