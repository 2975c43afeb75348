"""Runs SQL scripts on the emulator; tells as JSON lines what came of each statement.

    python tests/snowflake/scripts.py --database <folder> <file.sql> …

What the emulator has not is told as documented: it was read against Snowflake's reference only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

import sqlglot
from emulator import emulated_snowflake

# Statements about people, money and time, which change no row: the emulator has none of them.
DOCUMENTED = re.compile(
    r"^\s*(grant\b|revoke\b|alter\s+task\b|alter\s+tag\b|from\s+snowflake\.|"
    r"create\s+(or\s+replace\s+)?(role|user|warehouse|task|dbt\s+project|masking\s+policy"
    r"|row\s+access\s+policy)\b)|\bsnowflake\.account_usage\.|\brow\s+access\s+policy\b"
    r"|\bset\s+tag\b",
    re.I,
)


def statements(text: str) -> list[str]:
    """The statements of a script, without comments, as they were written."""
    pieces, start = [], 0
    tokens = sqlglot.tokenize(text, read="snowflake")
    for token in tokens:
        if token.token_type == sqlglot.TokenType.SEMICOLON:
            pieces.append(text[start : token.start])
            start = token.end + 1
    pieces.append(text[start:])
    plain = (re.sub(r"^\s*--[^\n]*$", "", piece, flags=re.M).strip() for piece in pieces)
    return [piece for piece in plain if piece]


def main() -> int:
    """Prints {statement, outcome, rows} for each; the exit code is 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    import snowflake.connector

    failed = False
    with (
        emulated_snowflake(arguments.database) as settings,
        snowflake.connector.connect(**settings) as connection,
    ):
        for statement in (
            part for file in arguments.files for part in statements(file.read_text())
        ):
            told = {"statement": statement, "outcome": "documented", "rows": []}
            if not DOCUMENTED.search(statement):
                try:
                    rows = connection.cursor().execute(statement).fetchall()
                    told |= {"outcome": "ran", "rows": rows}
                except snowflake.connector.errors.Error as error:
                    told["outcome"] = f"failed: {error}"
                    failed = True
            print(json.dumps(told, default=str))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
