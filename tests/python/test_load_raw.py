"""The loader of make build RAW=…: what it reads as it is, and what it refuses."""

import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from common import ROOT, Refusal
from load_raw import input_contract, load, origin, prepare_demo

CUSTOMERS = "source_system,source_customer_id,updated_at\nshop,1,2026-01-01\n"
PRODUCTS = "product_id,title\np1,Tea\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "customers.csv").write_text(CUSTOMERS)
    (folder / "products.csv").write_text(PRODUCTS)
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "shop.duckdb"


def rows(database: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def refused(folder: Path, database: Path) -> str:
    """The sentence of the refusal, which must have left the database as it was."""
    before = database.read_bytes() if database.exists() else None
    with pytest.raises(Refusal) as refusal:
        load(folder, database)
    if before is not None:
        assert database.read_bytes() == before
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_every_table_of_the_contract_lands_with_every_column(raw, database):
    counts = load(raw, database)
    assert counts["customers"] == 1 and counts["orders"] == 0
    declared = {
        (table, column) for table, spec in input_contract().items() for column in spec["columns"]
    }
    assert len(input_contract()) == 10
    landed = rows(
        database,
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'personalize_raw' and table_name <> 'loaded_files'",
    )
    assert set(landed) == declared
    absent = "select typeof(created_at), typeof(email), email from personalize_raw.customers"
    assert rows(database, absent) == [("TIMESTAMP", "VARCHAR", None)]
    assert rows(
        database, "select typeof(any_value(quantity)) from personalize_raw.order_lines"
    ) == [("DECIMAL(18,4)",)]


def test_csv_values_stay_as_they_are(raw, database):
    (raw / "products.csv").write_bytes(
        b"\xef\xbb\xbfTitle,product_id,price,url\r\n"
        b'"Tea, ""Earl Grey""\nloose",007,"1,50",\r\n'
        b" ,true,NULL,\r\n"
    )
    load(raw, database)
    assert rows(database, "select product_id, title, price, url from personalize_raw.products") == [
        ("007", 'Tea, "Earl Grey"\nloose', "1,50", None),
        ("true", " ", "NULL", None),
    ]


def test_parquet_lands_in_its_own_types_and_whole_floats_are_ids(raw, database):
    (raw / "products.csv").unlink()
    frame = pd.DataFrame(
        {
            "PRODUCT_ID": [17.0, 1.5, None],
            "title": ["a", "b", "c"],
            "price": [1.25, 2.0, None],
            "updated_at": pd.to_datetime(["2026-01-01 10:00"] * 3).tz_localize("Europe/Berlin"),
        }
    )
    frame.to_parquet(raw / "products.parquet")
    load(raw, database)
    found = rows(
        database,
        "select product_id, price, typeof(price), typeof(updated_at), "
        "updated_at = timestamptz '2026-01-01 09:00:00+00' "
        "from personalize_raw.products order by title",
    )
    assert found == [
        ("17", 1.25, "DOUBLE", "TIMESTAMP WITH TIME ZONE", True),
        ("1.5", 2.0, "DOUBLE", "TIMESTAMP WITH TIME ZONE", True),
        (None, None, "DOUBLE", "TIMESTAMP WITH TIME ZONE", True),
    ]


def test_a_folder_whose_name_looks_like_a_pattern_is_read(raw, database):
    folder = raw.rename(raw.parent / "it's [1] *odd?")
    assert load(folder, database)["customers"] == 1


def test_extra_columns_are_named(raw, database, capsys):
    (raw / "products.csv").write_text("product_id,title,colour,\np1,Tea,green,x\n")
    load(raw, database)
    assert (
        "products.csv has columns that nothing reads: colour and column 4"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("order.csv", "a\n", "order.csv is not an input table; did you mean orders?"),
        ("notes.txt", "a\n", "notes.txt is not one of the files expected"),
        ("customers.parquet", "", "two files for customers: customers.csv and customers.parquet"),
        ("Customers.CSV", "", "two files for customers: Customers.CSV and customers.csv"),
        ("orders.parquet", "junk", "orders.parquet cannot be read as Parquet"),
        ("products.csv", "", "products.csv is empty"),
        (
            "products.csv",
            "product_id,titel\np1,Tea\n",
            "no column title, which is required (did you mean titel).",
        ),
        ("products.csv", "product_id,title,Title\np1,a,b\n", "has the column title more than once"),
        ("products.csv", "product_id;title\np1;Tea\n", "separated by semicolons"),
        ("products.csv", "product_id\ttitle\np1\tTea\n", "separated by tabs"),
        ("products.csv", "product_id,title\np1\n", "line 2 does not have as many values"),
        ("products.csv", "product_id,title\np1,Tea,x\n", "line 2 does not have as many values"),
        ("products.csv", 'product_id,title\np1,"Tea\n', "line 2 has a quote that is not closed"),
        (
            "products.csv",
            'product_id,title\np1,"a \\"b\\" c"\n',
            "line 2 has a quote that is not closed",
        ),
        ("products.csv", "product_id,title\np1,Müller\n".encode("latin-1"), "is not UTF-8 text."),
        ("products.csv", "product_id,title\np1,Tea\n".encode("utf-16"), "is not UTF-8"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(raw, database, file, content, sentence):
    load(raw, database)
    (raw / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert sentence in refused(raw, database)


def test_refusals_quote_no_data(raw, database):
    (raw / "customers.csv").write_text(CUSTOMERS + "shop,secret@example.org\n")
    assert "secret" not in refused(raw, database)


def test_a_folder_in_the_folder_is_refused(raw, database):
    (raw / "orders").mkdir()
    assert "orders is a folder" in refused(raw, database)


@pytest.mark.parametrize("table", ["customers", "products"])
def test_a_required_table_must_be_there(raw, database, table):
    (raw / f"{table}.csv").unlink()
    assert f"has no {table}.parquet or {table}.csv, which is required" in refused(raw, database)


def test_a_column_must_hold_single_values(raw, database):
    (raw / "products.csv").unlink()
    pd.DataFrame({"product_id": ["p"], "title": [["a", "b"]]}).to_parquet(raw / "products.parquet")
    assert "the column title holds VARCHAR[]" in refused(raw, database)


def test_the_folder_must_exist(tmp_path, database):
    assert "does not exist" in refused(tmp_path / "nowhere", database)
    (tmp_path / "file").touch()
    assert "is not a folder" in refused(tmp_path / "file", database)


def test_a_table_that_is_gone_is_refused_until_the_database_starts_anew(raw, database):
    requests = raw / "privacy_requests.csv"
    requests.write_text(
        "request_id,requested_at,request_type,email\nr1,2026-01-01,erasure,a@b.example\n"
    )
    load(raw, database)
    requests.unlink()
    assert "no file for privacy_requests, which was there in the last run" in refused(raw, database)
    load(raw, database, reset=True)
    assert rows(database, "select count(*) from personalize_raw.privacy_requests") == [(0,)]


def test_another_folder_is_refused_until_the_database_starts_anew(raw, database):
    load(raw, database)
    other = raw.rename(raw.parent / "other")
    assert "was built from" in refused(other, database)
    load(other, database, reset=True)
    load(other, database)


def test_a_bad_folder_does_not_cost_the_database(raw, database):
    load(raw, database)
    (raw / "products.csv").unlink()
    with pytest.raises(Refusal):
        load(raw, database, reset=True)
    assert rows(database, "select count(*) from personalize_raw.products") == [(1,)]


def test_demo_and_exports_do_not_mix(raw, database):
    prepare_demo(database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema personalize")
        connection.execute("create table personalize.demo_customers (a int)")
    prepare_demo(database)
    assert "was built from the demo data" in refused(raw, database)
    load(raw, database, reset=True)
    with pytest.raises(Refusal, match="was built from"):
        prepare_demo(database)
    prepare_demo(database, reset=True)


def test_reset_never_removes_a_file_that_is_no_database(raw, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("dear all" * 1000)
    with pytest.raises(Refusal, match="cannot be opened as a DuckDB database"):
        load(raw, letter, reset=True)
    assert letter.exists()


def test_a_database_in_use_is_refused(raw, database):
    load(raw, database)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb; c = duckdb.connect({str(database)!r}); print(1); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        holder.stdout.readline()
        with pytest.raises(Refusal, match="in use by another program"):
            load(raw, database)
    finally:
        holder.communicate("\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--raw", "nowhere"], "RAW=nowhere does not exist."),
        (["--raw", "x", "--project", "y"], "RAW and PROJECT exclude each other"),
        (["--as-of", "yesterday"], "AS_OF is 'yesterday'; it must be a UTC time"),
        (["--as-of", "2026-02-30"], "AS_OF is '2026-02-30'"),
        (["--vars", "{"], "VARS is not JSON"),
        (["--vars", "[1]"], "VARS must be a JSON object"),
        (["--as-of", "2026-05-01", "--vars", '{"as_of": "2026-05-02"}'], "as_of is given twice"),
        (["--reset", "yes"], "RESET is 'yes'; it must be 1"),
        (["--project", "nowhere"], "PROJECT=nowhere is not the folder of another dbt project."),
    ],
)
def test_bad_options_end_with_one_sentence_and_code_2(arguments, sentence, tmp_path):
    command = [sys.executable, str(ROOT / "tools" / "run.py"), *arguments]
    command += ["--db", str(tmp_path / "shop.duckdb"), "build"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 2
    assert sentence in result.stderr and "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_two_locks_agree():
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / name).read_text()
        return {line.split()[0] for line in text.splitlines() if "==" in line}

    assert pins("run.lock") < pins("dev.lock")


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.3])
def test_a_load_that_is_killed_leaves_the_last_one(raw, database, seconds):
    load(raw, database)
    lines = "".join(f"p{number},Tea {number}\n" for number in range(400_000))
    (raw / "products.csv").write_text("product_id,title\n" + lines)
    (raw / "orders.csv").write_text("order_id,ordered_at\no1,2026-01-01\n")
    code = (
        "import load_raw, pathlib, sys; print(1, flush=True); "
        "load_raw.load(*map(pathlib.Path, sys.argv[1:]))"
    )
    loading = subprocess.Popen(
        [sys.executable, "-c", code, raw, database], cwd=ROOT / "tools", stdout=subprocess.PIPE
    )
    loading.stdout.readline()
    time.sleep(seconds)
    loading.kill()
    loading.communicate()
    with duckdb.connect(str(database)) as connection:
        products = connection.execute("select count(*) from personalize_raw.products").fetchall()[
            0
        ][0]
        _, known = origin(connection)
    assert (products, known) in [
        (1, ["customers", "products"]),
        (400_000, ["customers", "orders", "products"]),
    ]
    assert load(raw, database)["products"] == 400_000
