"""Builds one room of the package alone, on tables that a test makes up for the rooms before it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import yaml

ROOT = Path(__file__).parents[2]


def python_model(folder, name):
    """A Python model as a module."""
    path = ROOT / "python_models" / folder / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def land(path, tables):
    """Lands tables ({name: frame}) in the database at path under their internal names."""
    with duckdb.connect(str(path)) as database:
        for name, frame in tables.items():
            columns = ", ".join(
                f"cast({column} as timestamp) as {column}"
                if column.endswith("_at")
                else f"cast({column} as decimal(18, 4)) as {column}"
                if column.endswith("_amount")
                else column
                for column in frame.columns
            )
            database.execute(
                f"create or replace table int_personalize__{name} as select {columns} from frame"
            )


def build(folder, tables, select, **variables):
    """Lands tables ({name: frame}) in the folder's room, then runs the selected models."""
    land(folder / "room.duckdb", tables)
    command = [sys.executable, "-m", "dbt.cli.main", "run", "--select", *select]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder)]
    command += ["--vars", yaml.safe_dump(variables, sort_keys=False)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PERSONALIZE_DB": str(folder / "room.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def query(folder, sql):
    """The rows of a query on the room's database."""
    with duckdb.connect(str(folder / "room.duckdb"), read_only=True) as database:
        return database.execute(sql).df()
