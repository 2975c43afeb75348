"""The rules every model keeps, whatever it computes: read from the sources and from a build."""

import ast
import re
import sys

import sqlglot
from common import ROOT
from sqlglot import exp

LONGEST_MODEL = 150
# Its steps hold the identifiers of people who were erased, so none of them may be a table.
# One line per fact that a rule may ask about; one section per check.
LONG_FOR_A_REASON = {
    "models/staging/erasure/int_personalize__erasure_closure.sql",
    "models/decisions/int_personalize__own_facts.sql",
    "models/monitoring/personalize__data_quality.sql",
}
KEEPS = "python_models/identity/int_personalize__match_training.py"
CLOCK = re.compile(
    r"\b(current_(timestamp|date|time)\b|localtimestamp|getdate|sysdate|run_started_at|now\(|"
    r"utcnow|today\(|time\.time|monotonic)",
    re.IGNORECASE,
)
WAREHOUSE = re.compile(
    r"\b(target\.(?!profile_name)|adapter\.type|duckdb|snowflake)", re.IGNORECASE
)
INTROSPECTION = re.compile(
    r"run_query|statement\(|get_columns_in|get_relation|get_column_values|load_result"
)
# What Snowflake's Python has beside the standard library, as far as the package uses it.
IN_SNOWFLAKE = {"numpy", "pandas", "scipy", "sklearn"}
RANKS = (
    exp.CumeDist,
    exp.DenseRank,
    exp.FirstValue,
    exp.Lag,
    exp.LastValue,
    exp.Lead,
    exp.Ntile,
    exp.PercentRank,
    exp.Rank,
    exp.RowNumber,
)


def sources(pattern):
    """{path in the checkout: its text without comments} of the sources."""
    return {
        str(path.relative_to(ROOT)): code(path.read_text(), path.suffix)
        for path in sorted(ROOT.glob(pattern))
    }


def code(text, suffix):
    """The text of a source without its comments and docstrings."""
    if suffix == ".sql":
        return re.sub(r"\{#(.|\n)*?#\}|--[^\n]*", "", text)
    return re.sub(r'"""(.|\n)*?"""|#[^\n]*', "", text)


MODELS = sources("models/**/*.sql")
PYTHON_MODELS = sources("python_models/**/*.py")
MACROS = sources("macros/**/*.sql")
EVERYTHING = {**MODELS, **PYTHON_MODELS, **MACROS}


def holding(pattern, texts):
    """The sources in which a regular expression is found."""
    return [path for path, text in texts.items() if re.search(pattern, text)]


def function(path, name):
    """The source of one function of a Python model, as it stands in the file."""
    text = (ROOT / path).read_text()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_source_segment(text, node)
    raise AssertionError(f"{path} has no function {name}")


def test_the_boundary_is_the_same_in_every_python_model():
    assert PYTHON_MODELS
    for name in ("read", "write"):
        assert len({function(path, name) for path in PYTHON_MODELS}) == 1


def test_a_python_model_crosses_the_boundary_nowhere_else():
    """A model that keeps what it learnt reads that as well, in last_time."""
    crossings = r"to_pandas|\.df\(\)|create_dataframe|\.sql\(|\.execute\("
    inside = {path: [function(path, name) for name in ("read", "write")] for path in PYTHON_MODELS}
    inside[KEEPS].append(function(KEEPS, "last_time"))
    for path, blocks in inside.items():
        text = (ROOT / path).read_text()
        for block in blocks:
            text = text.replace(block, "")
        assert not re.search(crossings, text), path
        assert "write(" in function(path, "model"), path


def test_a_python_model_imports_what_snowflake_has():
    for path in PYTHON_MODELS:
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.Import):
                imported = {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {node.module.split(".")[0]}
            else:
                continue
            assert imported <= IN_SNOWFLAKE | sys.stdlib_module_names, path


def test_nothing_reads_the_clock_but_as_of():
    assert holding(CLOCK, EVERYTHING) == ["macros/config/settings.sql"]
    assert len(CLOCK.findall(EVERYTHING["macros/config/settings.sql"])) == 1


def test_only_the_dialect_knows_a_warehouse():
    found = holding(WAREHOUSE, EVERYTHING)
    assert not [path for path in found if not path.startswith("macros/dialect/")]
    found = holding(r"target\.", EVERYTHING)
    assert not [
        path for path in found if not path.startswith(("macros/dialect/", "macros/config/"))
    ]


def test_nothing_asks_the_warehouse_while_it_is_compiled():
    assert not holding(INTROSPECTION, {**MODELS, **MACROS})


def test_a_model_is_short_and_says_its_grain():
    texts = {path: (ROOT / path).read_text() for path in MODELS}
    long = {path for path, text in texts.items() if text.count("\n") > LONGEST_MODEL}
    assert long == LONG_FOR_A_REASON
    assert not [path for path, text in texts.items() if not re.search(r"-- grain: \S", text)]


def test_macros_and_refs_survive_the_installation():
    """A macro is called with its namespace; a ref inside a macro names the package."""
    assert not holding(r"""\bref\(\s*["']\w+["']\s*\)""", MACROS)
    own = {name for text in MACROS.values() for name in re.findall(r"macro (\w+)\(", text)}
    for path, text in MODELS.items():
        jinja = " ".join(re.findall(r"\{[{%](.*?)[%}]\}", text))
        assert not own & set(re.findall(r"(?<![\w.])(\w+)\(", jinja)), path


def test_every_model_and_every_column_is_described(demo):
    """By itself, or by the model that the description refers to, perhaps behind a prefix_.

    The demo's seeds excepted: they have the columns of the inputs.
    """
    built = {}
    for name, column in demo.rows("select table_name, column_name from duckdb_columns()"):
        built.setdefault(name, set()).add(column)
    nodes = {node["name"]: node for node in demo.nodes("model", "seed")}
    described = {
        name: {column for column, about in node["columns"].items() if about["description"]}
        for name, node in nodes.items()
    }
    missing = [name for name, node in nodes.items() if not node["description"]]
    for name, node in nodes.items():
        words = set(re.findall(r"\w+", node["description"]))
        borrowed = set().union(*(described[other] for other in words & nodes.keys() - {name}))
        prefixes = {word for word in words if word.endswith("_")}
        known = described[name] | borrowed
        known |= {prefix + column for prefix in prefixes for column in borrowed}
        if not name.startswith("demo_"):
            missing += [f"{name}.{column}" for column in sorted(built[name] - known)]
            extra = described[name] - built[name]
            missing += [f"{name}.{column}: no such column" for column in sorted(extra)]
    assert not missing, "\n".join(missing)


def test_every_model_has_a_test(demo):
    tested = {parent for node in demo.nodes("test") for parent in node["depends_on"]["nodes"]}
    untested = [node["name"] for node in demo.nodes("model") if node["unique_id"] not in tested]
    assert not untested


def test_public_models_keep_a_contract(demo):
    public = [
        node
        for node in demo.nodes("model")
        if "int_" not in node["name"] and "stg_" not in node["name"]
    ]
    assert public
    assert not [node["name"] for node in public if not node["config"]["contract"]["enforced"]]


def test_every_rank_has_an_order_and_every_limit_too(demo):
    """In the SQL that dbt ran: an order that is left to the warehouse is another one tomorrow."""
    unordered = []
    for path in sorted((demo.folder / "run" / "personalize" / "models").rglob("*.sql")):
        if ".yml" in str(path):  # a unit test, whose rows have no order
            continue
        tree = sqlglot.parse_one(path.read_text(), read="duckdb")
        unordered += [
            f"{path.name}: {window.sql()}"
            for window in tree.find_all(exp.Window)
            if isinstance(window.this, RANKS) and not window.args.get("order")
        ]
        unordered += [
            f"{path.name}: limit"
            for select in tree.find_all(exp.Select)
            if select.args.get("limit") and not select.args.get("order")
        ]
    assert not unordered, "\n".join(unordered)
