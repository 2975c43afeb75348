"""dbt as a child process of a test: its output is kept, and shown where it fails."""

import os
import re
import subprocess

from common import ROOT, executable
from dbt_command import dbt_environment

# A line of dbt's output that says nothing once a run has failed.
FINE = re.compile(r" (START|OK|PASS|SKIP) ")


def dbt(*arguments, target, project=ROOT, database=None, check=True, program=None, **environment):
    """Runs dbt, or what stands for it, with its own target folder; gives the finished process."""
    command = [*(program or [executable("dbt")]), "--no-use-colors", *map(str, arguments)]
    folders = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    process = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, **dbt_environment(database), **folders, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told = [line for line in process.stdout.splitlines() if not FINE.search(line)]
    assert not check or process.returncode == 0, "\n".join([" ".join(command), *told])
    return process
