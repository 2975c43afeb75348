"""dbt as a child process of a test: its output is kept, and shown where it fails."""

import os
import subprocess

from common import ROOT, executable
from dbt_command import dbt_environment


def dbt(*arguments, project=ROOT, target="target", database=None, check=True, **environment):
    """Runs dbt; gives the finished process (returncode, stdout)."""
    command = [executable("dbt"), "--no-use-colors", *map(str, arguments)]
    process = subprocess.run(
        [*command, "--target-path", str(target)],
        cwd=project,
        env={**os.environ, **dbt_environment(database), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert not check or process.returncode == 0, f"{' '.join(command)}\n{process.stdout}"
    return process
