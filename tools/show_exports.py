"""Writes what the platforms' tables hold, and what the platforms' own specifications say of them.

python tools/show_exports.py --demo target/personalize.duckdb \
    --journey examples/complete_journey/target/complete_journey.duckdb

Both databases are built before, by make build and make real. The checks are those of pytest.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import preview
import warehouse
from common import DEFAULT_DATABASE, ROOT, Refusal, say, shown

TESTS = ROOT / "tests" / "python"
PAGE = ROOT / "docs" / "exports_shown.md"
LONGEST_TEXT = 48
MOST_FIELDS = 9
PERSON = """
    select external_id from audience
    inner join triggers using (profile_id)
    where outcome = 'won'
    order by external_id
    limit 1
"""
FORECAST = """
    select esp || '_' || object, rows_to_sync, bytes_to_sync, api_calls, minutes_at_rate_limit
    from personalize__sync_forecast
    order by 1
"""
REJECTS = """
    select esp || '_' || object, limit_name, count(*)
    from personalize__export_rejects
    group by 1, 2
    order by 1, 2
"""

PAGE_TEXT = """# Exports, shown

    make build && make real
    python tools/show_exports.py

Written by that command from the databases the other two build; names and addresses are masked.

## The tables

{tables}
## What the specifications say

Records in requests, each held against the vendor's own specification
(`tests/python/test_exports.py`).

{checks}

On the demo shop: templates in the platforms' languages rendered by engines that are not ours, and
software that is not ours as the reader (`tests/python/test_templates.py`,
`tests/python/test_delivery.py`).

{others}

## A sync through crashes and retries

dlt fills a platform that is played on loopback, and takes up again what died; in the end the
platform holds what the table holds, and nobody who is suppressed.

```text
{log}
```

## The preview

    make preview
    python tests/python/browser.py target/preview.html docs/images/preview_phone.png \\
        --choose "Running low" --width 390 --height 1100 --at .person
    python tests/python/browser.py target/preview.html docs/images/preview_dark.png \\
        --choose "Running low" --height 900 --dark
    python tests/python/browser.py target/preview.html docs/images/preview_payloads.png \\
        --choose "Running low" --height 900 --at .payloads

![The preview on a phone](images/preview_phone.png)

![The same in the dark](images/preview_dark.png)

![What each platform gets of a person, with its size](images/preview_payloads.png)

## One person, as each platform reads it

Long texts are cut off here; of a list the first entry is shown, of an object some fields.

{records}
"""

# One run of a check: whether it passed, and what it noted down meanwhile.
Outcome = tuple[bool, dict[str, str]]


def table(head: Sequence[str], rows: Iterator[Sequence[object]]) -> list[str]:
    """Rows as a table of Markdown, numbers to the right."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    line = "|".join(["---", *["---:"] * (len(head) - 1)])
    body = [f"| {' | '.join(row)} |" for row in cells]
    return [f"| {' | '.join(head)} |", f"|{line}|", *body]


def checked(database: Path, files: Sequence[str]) -> dict[str, Outcome]:
    """What the tests in some files say of a database, by the test's name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        paths = [str(TESTS / name) for name in files]
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *paths],
            env={**os.environ, "PERSONALIZE_TEST_DB": str(database.resolve())},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if not report.exists():
            raise Refusal("pytest did not run.")
        cases = ElementTree.parse(report).getroot().iter("testcase")
        return {
            case.get("name", ""): (
                case.find("failure") is None and case.find("error") is None,
                {p.get("name", ""): p.get("value", "") for p in case.iter("property")},
            )
            for case in cases
        }


def said(outcome: Outcome | None) -> str:
    """An outcome in a word or two."""
    if outcome is None:
        return ""
    passed, notes = outcome
    if not passed:
        return "**fails**"
    records, requests = notes.get("records", "0"), notes.get("requests", "0")
    return f"{int(records):,} in {int(requests):,}" if records != "0" else "passes"


def shortened(value: Any) -> Any:
    """A record with long texts cut off, the first entry of lists, some of the filled fields."""
    if isinstance(value, dict):
        filled = {key: held for key, held in value.items() if held not in ("", None)}
        kept = {key: shortened(held) for key, held in list(filled.items())[:MOST_FIELDS]}
        return {**kept, "…": f"{len(value) - len(kept)} more"} if len(kept) < len(value) else kept
    if isinstance(value, list):
        return [shortened(value[0]), f"… {len(value) - 1} more"] if len(value) > 1 else value
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return value[:LONGEST_TEXT] + "…"
    return value


def records(database: Path) -> Iterator[str]:
    """One person's record in each export, masked, as Markdown."""
    with warehouse.connect(database) as connection:
        found = connection.execute(PERSON).fetchone()
        if found is None:
            raise Refusal("Nobody in the audience has a trigger that won.")
        sent = preview.payloads(connection, [found[0]])[found[0]]
        profile = connection.execute(
            "select first_name, last_name from profiles inner join audience using (profile_id)"
            " where external_id = ?",
            [found[0]],
        ).fetchone()
    for name, rows in sent.items():
        record = json.loads(preview.masked_record(preview.as_json(rows), list(profile or ())))
        text = json.dumps(shortened(record), ensure_ascii=False, indent=2)
        yield f"`{name}`\n\n```json\n{text}\n```\n"


def tables(databases: Mapping[str, Path]) -> Iterator[str]:
    """Per database, the tables with their rows, and what broke a limit."""
    for name, path in databases.items():
        with warehouse.connect(path) as connection:
            forecast = connection.execute(FORECAST).fetchall()
            rejects = connection.execute(REJECTS).fetchall()
        yield f"### {name}\n"
        head = ("table", "rows", "bytes", "requests", "minutes at the rate limit")
        told = [
            [f"`{row[0]}`", *("" if cell is None else cell for cell in row[1:])] for row in forecast
        ]
        yield "\n".join(table(head, iter(told))) + "\n"
        if rejects:
            told = [[f"`{row[0]}`", row[1], row[2]] for row in rejects]
            yield "Set aside, because a row breaks a limit:\n"
            yield "\n".join(table(("table", "limit", "rows"), iter(told))) + "\n"


def page(databases: Mapping[str, Path]) -> str:
    """The whole page."""
    if not databases:
        raise Refusal("There is no database yet; run make build first.")
    demo = next(iter(databases.values()))
    outcomes = {name: checked(path, ["test_exports.py"]) for name, path in databases.items()}
    others = checked(demo, ["test_templates.py", "test_delivery.py"])
    names = [name for name in next(iter(outcomes.values())) if "_can_fail" not in name]
    log = next((notes["log"] for _, notes in others.values() if "log" in notes), "")
    checks = [
        [name.removeprefix("test_").replace("_", " ")]
        + [said(outcome.get(name)) for outcome in outcomes.values()]
        for name in names
    ]
    more = [
        [name.removeprefix("test_").replace("_", " "), said(outcome)]
        for name, outcome in others.items()
        if "[words" not in name
    ]
    return PAGE_TEXT.format(
        tables="\n".join(tables(databases)),
        checks="\n".join(table(["check", *databases], iter(checks))),
        others="\n".join(table(["check", "demo"], iter(more))),
        log=log,
        records="\n".join(records(demo)),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the databases, runs the checks, writes the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    journey = ROOT / "examples/complete_journey/target/complete_journey.duckdb"
    parser.add_argument("--demo", type=Path, default=DEFAULT_DATABASE)
    parser.add_argument("--journey", type=Path, default=journey)
    options = parser.parse_args(arguments)
    try:
        databases = {"The demo shop": options.demo, "The Complete Journey": options.journey}
        text = page({name: path for name, path in databases.items() if path.exists()})
    except Refusal as refusal:
        print(f"personalize: {refusal}", file=sys.stderr)
        return 2
    PAGE.write_text(text.rstrip() + "\n", encoding="utf-8")
    say(f"{shown(PAGE)} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
