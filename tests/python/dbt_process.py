"""dbt as a child process of a test: its output is kept, and shown where it fails."""

import os
import subprocess

from common import ROOT, executable
from dbt_command import dbt_environment


def dbt(*arguments, target, project=ROOT, database=None, check=True, **environment):
    """Runs dbt with its own target folder; gives the finished process (returncode, stdout)."""
    command = [executable("dbt"), "--no-use-colors", *map(str, arguments)]
    folders = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    process = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, **dbt_environment(database), **folders, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert not check or process.returncode == 0, f"{' '.join(command)}\n{process.stdout}"
    return process
