"""Runs the Python models on the inputs of a build and writes what they give, as JSON lines.

    python tests/python/model_runs.py <file.duckdb> <out.jsonl>

Needs nothing but duckdb and the packages that the models import, so that other versions of those
can run it too.
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb

FOLDER = Path(__file__).resolve().parents[2] / "python_models"
PATHS = {path.stem: path for path in sorted(FOLDER.rglob("*.py"))}


def module(name):
    """A Python model's file as a module."""
    spec = importlib.util.spec_from_file_location(name, PATHS[name])
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


class Dbt:
    """What a model asks of dbt: its inputs, from a function of their name."""

    this = SimpleNamespace(database="", schema="", identifier="")  # never built before

    def __init__(self, ref):
        self.ref = ref

    def config(self, **settings):
        pass


def lines(name, frame):
    """The rows of a frame in lower case and in order, as JSON."""
    frame = frame.rename(columns=str.lower)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return sorted(json.dumps([name, row], sort_keys=True) for row in rows)


def main(database, out):
    """Every Python model on the inputs in a DuckDB file."""
    with duckdb.connect(database, read_only=True) as connection, open(out, "w") as file:
        for name in PATHS:
            frame = module(name).model(Dbt(connection.table), connection)
            file.writelines(line + "\n" for line in lines(name, frame))


if __name__ == "__main__":
    main(*sys.argv[1:])
