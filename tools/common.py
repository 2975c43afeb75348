"""What the tools share: where the checkout is, how they refuse, how they write SQL."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target"
DEFAULT_DATABASE = TARGET / "personalize.duckdb"


class Refusal(Exception):
    """Bad input, told to the user in one sentence."""


def quoted(text: object) -> str:
    """A SQL text literal."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: list[str]) -> str:
    """'a', 'a and b' or 'a, b and c'."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(number: int, noun: str) -> str:
    """'1 row', '2,000 rows'."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def say(line: str = "") -> None:
    """One line to the user, at once."""
    print(line, flush=True)


def executable(name: str) -> str:
    """A program of the environment this runs in."""
    return str(Path(sys.executable).parent / name)


def shown(path: Path) -> str:
    """A path as a person would type it from where the tools run."""
    relative = os.path.relpath(path, ROOT)
    return str(path) if relative.startswith("..") else relative
