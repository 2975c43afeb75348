"""The demo shop is what its generator writes, and has the columns of the input contract."""

import csv
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import make_demo  # noqa: E402

WRITTEN = make_demo.files()


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_committed_file_is_what_the_generator_writes(name):
    assert (ROOT / "seeds" / "demo" / name).read_text(encoding="utf-8") == WRITTEN[name]


def test_generator_writes_the_same_twice():
    assert make_demo.files() == WRITTEN


def test_columns_are_those_of_the_input_contract():
    contract = (ROOT / "macros" / "config" / "inputs.sql").read_text()
    declared = {}
    for line in contract.splitlines():
        if table := re.match(r' {8}"(\w+)": \{', line):
            columns = declared[table[1]] = []
        elif column := re.match(r' {16}"(\w+)": \["', line):
            columns.append(column[1])
    assert len(declared) == 10
    for table, columns in declared.items():
        assert WRITTEN[f"demo_{table}.csv"].splitlines()[0].split(",") == columns


def test_every_seed_column_is_text():
    described = (ROOT / "seeds" / "demo" / "_demo.yml").read_text()
    for name, text in WRITTEN.items():
        if name.endswith(".csv"):
            columns = text.splitlines()[0].split(",")
            block = "".join(f"        {column}: varchar\n" for column in columns)
            assert f"  - name: {name.removesuffix('.csv')}\n" in described
            assert block in described


def test_every_expected_person_appears_in_the_data():
    everything = "".join(
        text for name, text in WRITTEN.items() if name.endswith(".csv") and "expected" not in name
    ).lower()
    for row in csv.DictReader(WRITTEN["demo_expected_outcomes.csv"].splitlines()):
        for identifier in (
            row["identifier"],
            row["same_profile_as"],
            row["different_profile_from"],
        ):
            account = identifier.removeprefix("account:").replace("|", ",")
            assert account.lower() in everything
