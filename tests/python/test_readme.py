"""What the documentation says is so: its commands run, its paths and models exist."""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from common import ROOT

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "examples/*/*.md", "tests/*/*.md", "seeds/*/*.md")
    for path in ROOT.glob(pattern)
)
README = (ROOT / "README.md").read_text()

# Commands that another step of make test or make test-full runs, and where that can be seen.
RUN_ELSEWHERE = {
    "make test": (".ci/run", "exec make test"),
    "make test-full": ("tools/run.py", "def test_full"),
    "make lint": ("tools/gates.py", "def lint_steps"),
    "make format": ("tools/gates.py", "def format_steps"),
    "make real": ("tools/run.py", '("the real data"'),
    "make bench": ("tests/python/test_bench.py", "def test"),
    "make expectations": ("tools/run.py", "gates.expectations()"),
    "make build RAW=target/online_retail_ii": ("tests/python/test_online_retail.py", "map.py"),
    "make preview DB=target/online_retail_ii": ("tests/python/test_online_retail.py", "map.py"),
    ".venv/bin/python examples/online_retail_ii/map.py": (
        "tests/python/test_online_retail.py",
        "map.py",
    ),
    ".venv/bin/python tools/ladder.py": ("tests/python/test_ladder.py", "ladder("),
    ".venv/bin/python tools/lists.py": ("tests/python/test_lists.py", "lists("),
    "dbt deps": ("tests/python/test_consumer_project.py", "deps"),
    "dbt build --target snowflake": ("tools/gates.py", "def snowflake_steps"),
    ".venv/bin/pytest": ("tools/gates.py", 'executable("pytest")'),
}


def commands(text):
    """The lines of a page that a reader would type: in bash blocks, or indented and a command."""
    for block in re.findall(r"```(?:bash|sh|console)\n(.*?)```", text, re.DOTALL):
        yield from filter(None, map(str.strip, block.splitlines()))
    outside = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from re.findall(
        r"^ {4}((?:make|dbt|git|\.venv/bin/\S+)\b.*?)(?: {2,}.*)?$", outside, re.M
    )


def quoted(text):
    """What a page puts in backticks outside its blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


TYPED = sorted({line.strip() for line in commands(README) if line.strip()})


@pytest.mark.parametrize("command", TYPED)
def test_a_command_of_the_readme_runs(command, demo, tmp_path):
    elsewhere = [name for name in RUN_ELSEWHERE if command.startswith(name)]
    if elsewhere:
        return
    exports(demo, tmp_path / "my_exports")
    for name in ("my_exports", "my_shop.duckdb"):
        command = command.replace(name, str(tmp_path / name))
    if "DB=" in command and "RAW=" not in command:
        shutil.copy(demo.database, tmp_path / "my_shop.duckdb")
    database = {"DB": str(tmp_path / "demo.duckdb")} if "DB=" not in command else {}
    if command == "make preview":
        shutil.copy(demo.database, tmp_path / "demo.duckdb")
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env={**clean, **database}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if command == "make build":
        told = re.search(r"What came out.*", done.stdout, re.DOTALL)[0]
        shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)[1]
        assert shown.strip().splitlines() == told.split("\n\n")[0].strip().splitlines()


def exports(demo, folder):
    """The demo's inputs as files, the way somebody else's would come."""
    folder.mkdir()
    for table in ("customers", "products", "orders", "order_lines", "consent_events"):
        shutil.copy(ROOT / "seeds" / "demo" / f"demo_{table}.csv", folder / f"{table}.csv")


def test_what_runs_elsewhere_does():
    for command, (path, sign) in RUN_ELSEWHERE.items():
        assert sign in (ROOT / path).read_text(), command


def test_every_command_of_the_other_pages_is_known():
    known = {*RUN_ELSEWHERE, "make build", "make preview"}
    targets = re.findall(r"^[a-z][\w -]*(?=:)", (ROOT / "Makefile").read_text(), re.M)
    targets = {name for line in targets for name in line.split()}
    for page in PAGES:
        for command in commands(page.read_text()):
            named = re.match(r"make ([a-z-]+)", command)
            assert not named or named[1] in targets, f"{page.name}: {command}"
            assert named or command.startswith(tuple(known)), f"{page.name}: {command}"


def test_every_path_that_a_page_names_is_there():
    missing = []
    for page in PAGES:
        text = page.read_text()
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        missing += [(page.name, link) for link in links if not (page.parent / link).exists()]
        for name in quoted(text):
            looks_like_a_path = re.fullmatch(
                r"\.?[\w-]+(/[\w.*-]+)*(/|\.(md|sql|py|yml|csv|toml))", name
            )
            theirs = name.startswith(("target/", "dbt_packages/", ".venv", "packages.yml"))
            if looks_like_a_path and not theirs:
                found = any(ROOT.glob(name)) or any(page.parent.glob(name))
                found = found or any(ROOT.glob(f"examples/snowflake/{name}"))
                missing += [] if found else [(page.name, name)]
    assert not missing


def test_every_model_and_setting_that_a_page_names_is_there(demo):
    nodes = demo.nodes("model", "seed", "snapshot")
    known = {node["name"] for node in nodes}
    settings = set(
        re.findall(r'^ {8}"(\w+)":', (ROOT / "macros/config/settings.sql").read_text(), re.M)
    )
    missing = []
    for page in PAGES:
        for name in quoted(page.read_text()):
            if re.fullmatch(r"((int|stg|export)_)?personalize__(?!x$)[a-z_]+", name):
                missing += [] if name in known else [(page.name, name)]
    assert not missing
    for name in re.findall(r'VARS=\'\{"(\w+)"', README):
        assert name in settings


def test_the_readme_lists_every_public_model(demo):
    public = {
        node["name"]
        for node in demo.nodes("model")
        if not node["name"].startswith(("int_", "stg_"))
    }
    listed = re.findall(r"^\| `(\w+)` \|", README, re.M)
    assert sorted(listed) == sorted(public)


def test_the_yaml_of_the_readme_is_what_dbt_reads():
    packages, project = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", README, re.DOTALL))
    assert "git" in packages["packages"][0]
    variables = project["vars"]["personalize"]
    ours = yaml.safe_load((ROOT / "tests/consumer_project/dbt_project.yml").read_text())
    assert variables.keys() <= ours["vars"]["personalize"].keys()
    assert variables["personalize_columns"]["customers"].keys() <= (
        ours["vars"]["personalize"]["personalize_columns"]["customers"].keys()
    )
