"""Runs dbt as a child process: quiet where it goes well, every error and warning in full."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import ROOT, executable, say

SECONDS_BETWEEN_LINES = 5.0
# What dbt tells once more, in full, at the end of its run.
TOLD_AT_THE_END = {
    "LogModelResult",
    "LogTestResult",
    "LogSeedResult",
    "LogSnapshotResult",
    "EndOfRunSummary",
}
TOLD_AFTER_AN_ERROR = {"SQLCompiledPath", "StatsLine"}


def dbt(
    *arguments: str,
    project: Path = ROOT,
    database: Path | None = None,
    variables: dict[str, Any] | None = None,
    program: tuple[str, ...] = (),
    watch: Callable[[int], None] | None = None,
) -> int:
    """Runs one dbt command; gives its exit code (0 done, 1 steps failed, 2 never started).

    `program` stands in for dbt and takes its arguments; `watch` is told the id of the process.
    """
    command = [*(program or [executable("dbt")])]
    command += ["--log-format", "json", "--log-level", "info", "--no-use-colors", *arguments]
    if variables:
        command += ["--vars", json.dumps(variables)]
    settings = {**os.environ, **dbt_environment(database)}
    progress = Progress()
    with subprocess.Popen(
        command,
        cwd=project,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        if watch:
            watch(process.pid)
        for line in process.stdout:
            progress.read(line.rstrip("\n"))
    if process.returncode < 0:
        say(f"    dbt was stopped by signal {-process.returncode}")
        return 1
    return process.returncode


def dbt_environment(database: Path | None) -> dict[str, str]:
    """What every dbt child finds in its environment."""
    threads = str(min(os.cpu_count() or 2, 8))
    settings = {
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONWARNINGS": "ignore",
        "PERSONALIZE_THREADS": os.environ.get("PERSONALIZE_THREADS") or threads,
        # The matrices are small: more threads only wait, and add up in another order.
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS") or "1",
    }
    if database:
        settings["PERSONALIZE_DB"] = str(database)
    return settings


def run(*command: str, **environment: str) -> int:
    """Runs another program in the checkout; gives its exit code."""
    settings = {**os.environ, **dbt_environment(None), **environment}
    return subprocess.run(command, cwd=ROOT, env=settings).returncode


class Progress:
    """Turns dbt's events into a few lines."""

    def __init__(self) -> None:
        """Starts the clock of the progress lines."""
        self.started = self.last_line = time.monotonic()
        self.folder = ""
        self.finished = 0
        self.told: set[str] = set()
        self.failed = False

    def read(self, line: str) -> None:
        """One line of dbt's output."""
        try:
            event = json.loads(line)
            name, level, message = (event["info"][key] for key in ("name", "level", "msg"))
            data = event["data"]
        except (ValueError, KeyError, TypeError):
            say(line)
            return
        self.failed = self.failed or level == "error"
        if name in TOLD_AFTER_AN_ERROR:
            if self.failed:
                self.tell(message)
        elif level in ("error", "warn") and name not in TOLD_AT_THE_END:
            self.tell(message)
        total = data.get("total") or data.get("num_models")
        if total and name != "LogStartLine":
            self.step(data["node_info"], total)

    def tell(self, message: str) -> None:
        """A message, once."""
        text = message.strip()
        if text and text not in self.told:
            self.told.add(text)
            say("\n".join("    " + part for part in text.splitlines()))

    def step(self, node: dict[str, Any], total: int) -> None:
        """A finished node: told every few seconds, and at the end."""
        self.finished += 1
        if node["resource_type"] in ("model", "seed", "snapshot"):
            folders = Path(node["node_path"]).parts[:-1]
            self.folder = f"  {folders[0]}" if folders else ""
        now = time.monotonic()
        if now - self.last_line < SECONDS_BETWEEN_LINES and self.finished < total:
            return
        self.last_line = now
        where = self.folder if self.finished < total else ""
        say(f"  {now - self.started:4.0f} s  {self.finished:,} of {total:,} steps{where}")
