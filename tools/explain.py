"""What a declared rule comes to: its SQL, whom it hits today, and what holds its message back."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import duckdb
from common import ROOT, Refusal, executable
from dbt_command import dbt_environment
from preview import masked_address, masked_name

SHOWN = 10
MARK = "explained: "
PROBLEM = "personalize: "


def explained(
    rule: str,
    database: Path,
    variables: dict[str, Any],
    pii: bool = False,
    project: Path = ROOT,
    profile: str = "",
) -> list[str]:
    """The lines to print."""
    if not rule:
        raise Refusal("RULE is missing: the id of a segment, trigger, journey or journey.stage.")
    if not database.is_file():
        raise Refusal(f"There is no database {database}; make build writes one.")
    lines = []
    for found in declared(rule, database, variables, project, profile):
        with duckdb.connect(str(database), read_only=True) as connection:
            lines += [*declaration(found), "", *people(connection, found, pii), ""]
    return lines[:-1]


def declared(
    rule: str, database: Path, variables: dict[str, Any], project: Path, profile: str
) -> list[dict[str, Any]]:
    """What the package says of the rule, as the project declares it now: built already or not."""
    command = [executable("dbt"), "run-operation", "personalize.explain_rule", "--no-use-colors"]
    command += ["--args", json.dumps({"rule": rule}), "--vars", json.dumps(variables)]
    command += ["--profile", profile] if profile else []
    told = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, **dbt_environment(database)},
        capture_output=True,
        text=True,
    ).stdout
    for line in told.splitlines():
        if MARK in line:
            return json.loads(line.split(MARK, 1)[1])
    problems = [line.split(PROBLEM, 1)[1] for line in told.splitlines() if PROBLEM in line]
    raise Refusal(problems[0] if problems else f"dbt could not read the rules:\n{told.strip()}")


def declaration(found: dict[str, Any]) -> list[str]:
    """What is declared, and the SQL it is compiled to."""
    facts = [f"{name} {value}" for name, value in found["facts"].items() if value not in (None, "")]
    lines = [f"{found['kind']} {found['id']}: {found['description']}"]
    lines += ["  " + ", ".join(facts)] if facts else []
    lines += [f"  {name}:  {condition}" for name, condition in found["conditions"].items()]
    return [*lines, f"  SQL:  {found['query']}"]


def people(connection: duckdb.DuckDBPyConnection, found: dict[str, Any], pii: bool) -> list[str]:
    """Whom it hits today, and what becomes of them."""
    try:
        hits = connection.execute(
            f"""
            select
                profiles.first_name,
                profiles.email,
                case
                    when triggers.outcome is not null
                        then coalesce(triggers.suppressed_by, triggers.outcome)
                    when exclusions.reason is not null then exclusions.reason
                    else ''
                end as fate
            from ({found["query"]}) as hits
            inner join personalize__profiles as profiles using (profile_id)
            left join personalize__exclusions as exclusions using (profile_id)
            left join personalize__triggers as triggers
                on hits.profile_id = triggers.profile_id and triggers.rule_id = ?
            order by fate = 'won' desc, hits.profile_id
            """,
            [found["id"]],
        ).fetchall()
    except duckdb.Error as error:
        raise Refusal(f"The rule cannot be asked of this database: {error}") from error
    fates: dict[str, int] = {}
    for _, _, fate in hits:
        fates[fate] = fates.get(fate, 0) + 1
    number = "1 person" if len(hits) == 1 else f"{len(hits):,} people"
    lines = [f"It hits {number} today."]
    lines += [f"  {spoken(fate, found['kind'])}: {number}" for fate, number in ordered(fates)]
    for name, address, fate in hits[:SHOWN]:
        shown = (name or "", address or "") if pii else (masked_name(name), masked_address(address))
        lines.append("  - " + ", ".join(part for part in (*shown, fate) if part))
    if len(hits) > SHOWN:
        lines.append(f"  - … and {len(hits) - SHOWN} more")
    return lines


def ordered(fates: dict[str, int]) -> list[tuple[str, int]]:
    """The winners first, then what suppresses most."""
    return sorted(fates.items(), key=lambda fate: (fate[0] != "won", -fate[1], fate[0]))


def spoken(fate: str, kind: str) -> str:
    """What became of a hit, in words."""
    if fate == "won":
        return "won"
    if fate:
        return f"not mailed, {fate}" if kind in ("segment", "journey") else f"suppressed by {fate}"
    return "can be mailed" if kind in ("segment", "journey") else "not decided yet"
