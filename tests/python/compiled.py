"""The package's own SQL on a DuckDB in memory, compiled once by dbt, on tables a test makes up.

State tables are compiled as in a second run; empty, they make a first one.
"""

import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
from common import ROOT
from dbt_process import dbt

DATABASE = "compiled"
SELECTION = [
    f"path:models/{folder},resource_type:model"
    for folder in ("staging", "identity", "consent", "profiles")
]
SEEDS = sorted(path.stem for path in (ROOT / "seeds" / "reference").glob("*.csv"))
STATE = {
    "int_personalize__runs": "as_of timestamp",
    "int_personalize__erased_identifiers": (
        "identifier_hash varchar, person_key varchar, erased_at timestamp, erased_with varchar,"
        " match_probability double"
    ),
    "int_personalize__likely_accounts": (
        "identifier_hash varchar, profile_id varchar, match_probability double,"
        " erased_before timestamp"
    ),
    "int_personalize__identity_registry": (
        "identifier_hash varchar, profile_id varchar, previous_profile_id varchar,"
        " changed_at timestamp"
    ),
    "int_personalize__erased_profiles": (
        "profile_id varchar, person_key varchar, erased_at timestamp"
    ),
    "int_personalize__suppressed_addresses": (
        "identifier_hash varchar, reason varchar, suppressed_at timestamp,"
        " evidence_event_id varchar"
    ),
    "personalize__identity_changes": (
        "profile_id varchar, change varchar, other_profile_id varchar, changed_at timestamp"
    ),
}
LEVELS = (
    *("first_name", "last_name", "birth_date", "email", "phone"),
    *("address", "postal_code", "city", "region", "gender"),
)
# What is kept from run to run to save work, and is no state.
KEPT = {
    "int_personalize__accounts": (
        "account varchar, is_customer boolean, email varchar, phone varchar, first_name varchar,"
        " birth_date date, first_seen_at timestamp, content_hash varchar"
    ),
    "int_personalize__exact_persons": (
        "account varchar, component varchar, has_conflict boolean, label varchar,"
        " person varchar, match_rule varchar, content_hash varchar"
    ),
    "int_personalize__match_records": (
        "account varchar, place bigint, draw double, content_hash varchar,"
        " first_name_root varchar, last_name_root varchar, "
        + ", ".join(f"{name} varchar" for name in LEVELS)
    ),
    "int_personalize__match_limits": (
        "rule_id varchar, block_limit bigint, blocks_used bigint, blocks_left_out bigint,"
        " largest_block bigint, pairs bigint, pairs_left_out double, records bigint,"
        " learnt_at timestamp, learnt_with varchar"
    ),
    "int_personalize__match_frequencies": (
        "comparison varchar, said varchar, share double, learnt_at timestamp"
    ),
    "int_personalize__match_memory": (
        "kind varchar, one varchar, other varchar, match_weight double, "
        + ", ".join(f"{name}_level integer" for name in LEVELS)
        + ", waterfall varchar, content_hash varchar, is_gone boolean"
    ),
}
# What Python models make, the pairs of test worlds, and whom an erasure keeps away: nothing.
EMPTY = {
    "int_personalize__match_training": (
        "comparison varchar, level_number bigint, level_name varchar, m double, u double,"
        " matches double, learnt varchar"
    ),
    "int_personalize__match_parts": "person varchar, part varchar",
    "int_personalize__refusals": "identifier_hash varchar, readmitted_at timestamp",
    "int_personalize__match_scores": (
        "left_account varchar, right_account varchar, match_weight double,"
        " match_probability double, first_name_level integer, birth_date_level integer"
    ),
}


class Node:
    """A compiled model: its SQL, what it reads, and the key of a state table."""

    def __init__(self, node):
        self.name = node["name"]
        self.sql = node["compiled_code"]
        self.reads = [name.split(".")[2] for name in node["depends_on"]["nodes"]]
        self.materialized = node["config"]["materialized"]
        key = node["config"]["unique_key"]
        self.key = [key] if isinstance(key, str) else key
        self.hooks = [
            re.sub(
                r"\{\{ *ref\((?:'personalize', *)?'(\w+)'\)(?:\.render\(\))? *\}\}",
                r"\1",
                hook["sql"]
                .replace("{{ this }}", self.name)
                .replace("{{ personalize.is_latest_run() }}", "true"),
            )
            for hook in node["config"]["post-hook"]
            if "personalize.governed" not in hook["sql"]
        ]


@cache
def nodes(variables="{}"):
    """The models of staging, identity, consent and profiles in the order they are built."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / f"{DATABASE}.duckdb"
        with duckdb.connect(str(database)) as connection:
            for name, columns in {**STATE, **KEPT}.items():
                connection.execute(f"create table {name} ({columns})")
        dbt(
            *("compile", "--select", *SELECTION, "--vars", variables),
            target=Path(folder) / "target",
            database=database,
        )
        manifest = json.loads((Path(folder) / "target" / "manifest.json").read_text())
    found = {
        node["name"]: Node(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node.get("compiled_code")
    }
    ordered = {}
    while len(ordered) < len(found):
        for name, node in found.items():
            if all(read in ordered or read not in found for read in node.reads):
                ordered.setdefault(name, node)
    return ordered


def as_text(value):
    """A value as its text; None stays."""
    return None if value is None else str(value)


class Warehouse:
    """A database in memory that holds tables given by a test and the models built on them."""

    def __init__(self, variables="{}"):
        """An empty database with the reference seeds and the state of a first day."""
        self.variables = variables
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 2")
        self.connection.execute(f"attach ':memory:' as {DATABASE}")
        self.connection.execute(f"use {DATABASE}.main")
        for seed in SEEDS:
            path = ROOT / "seeds" / "reference" / f"{seed}.csv"
            self.connection.execute(
                f"create table {seed} as select * from read_csv('{path}', all_varchar = true)"
            )
        for name, columns in {**STATE, **KEPT, **EMPTY}.items():
            self.connection.execute(f"create table {name} ({columns})")

    def give(self, name, columns, rows):
        """A table with the given columns ({name: type}) and rows (dictionaries)."""
        casts = ", ".join(
            f"cast({column} as {kind}) as {column}" for column, kind in columns.items()
        )
        frame = pa.table(
            {
                column: pa.array([as_text(row.get(column)) for row in rows], pa.string())
                for column in columns
            }
        )
        self.connection.register("rows_given", frame)
        self.connection.execute(f"create or replace table {name} as select {casts} from rows_given")

    def build(self, *names):
        """Builds models; all of them if none is named."""
        for node in nodes(self.variables).values():
            if names and node.name not in names:
                continue
            if node.materialized == "incremental":
                self.add(node)
            else:
                self.connection.execute(f"create or replace table {node.name} as {node.sql}")

    def add(self, node):
        """Brings a state table up to date."""
        same = " and ".join(f"state.{column} = new_rows.{column}" for column in node.key)
        same = "true" if node.key == ["1"] else same  # every row is written anew
        self.connection.execute(f"create or replace temp table new_rows as {node.sql}")
        self.connection.execute(
            f"delete from {node.name} as state where exists (select 1 from new_rows where {same})"
        )
        self.connection.execute(f"insert into {node.name} by name select * from new_rows")
        for hook in node.hooks:
            self.connection.execute(hook)

    def rows(self, sql):
        """The rows of a query."""
        return self.connection.execute(sql).fetchall()
