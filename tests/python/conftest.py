"""What several tests share: the demo shop, built once."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from dbt_process import dbt


@dataclass(frozen=True)
class Demo:
    """A build of the demo shop: its database, and the folder with what dbt wrote about it."""

    database: Path

    @property
    def folder(self):
        return self.database.parent

    def nodes(self, *kinds):
        """What dbt's manifest says of the package's own models, seeds or tests."""
        nodes = json.loads((self.folder / "manifest.json").read_text())["nodes"].values()
        return [node for node in nodes if node["resource_type"] in kinds]

    def rows(self, sql):
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def frame(self, sql):
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).df()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo shop as make test has built it, or built here."""
    given = os.environ.get("PERSONALIZE_TEST_DB")
    if given:
        assert Path(given).exists(), "the demo shop was not built"
        return Demo(Path(given))
    folder = tmp_path_factory.mktemp("demo")
    dbt("build", target=folder, database=folder / "personalize.duckdb")
    return Demo(folder / "personalize.duckdb")
