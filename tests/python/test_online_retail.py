"""The mapping of Online Retail II, against figures counted from the source by other means."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from common import ROOT
from load_raw import found, input_contract, inspected

SOURCE = ROOT.parent / "shared" / "data" / "online_retail_ii" / "online_retail_ii.parquet"

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not SOURCE.exists(), reason="../shared/data/online_retail_ii is not here"),
]


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    script = ROOT / "examples" / "online_retail_ii" / "map.py"
    subprocess.run([sys.executable, script, SOURCE, folder], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """The source without the days that both sheets hold."""
    frame = pd.read_parquet(SOURCE)
    assert len(frame) == 1_067_370
    doubled = (frame["sheet"] == "2009-2010") & (frame["invoice_date"] >= "2010-12-01")
    return frame[~doubled]


def table(raw: Path, name: str) -> pd.DataFrame:
    return duckdb.sql(f"from '{raw / name}.parquet'").df()


def test_every_customer_is_there_with_an_address_of_its_own(raw, lines):
    customers = table(raw, "customers")
    assert set(customers["source_customer_id"]) == set(
        lines["customer_id"].dropna().astype(int).astype(str)
    )
    assert customers["source_customer_id"].nunique() == 5_942
    assert customers["email"].str.endswith("@made-up.example").all()
    assert (table(raw, "consent_events")["collected_via"] == "made up for this example").all()


def test_the_takings_are_those_of_the_source(raw, lines):
    sold = lines[~lines["invoice"].str.startswith("A")]
    takings = (sold["quantity"] * sold["price"]).sum()
    assert table(raw, "orders")["total_amount"].astype(float).sum() == pytest.approx(takings, abs=1)


def test_orders_without_a_customer_name_nobody(raw, lines):
    orders = table(raw, "orders")
    nobody = lines[
        lines["customer_id"].isna() & (lines["price"] > 0) & ~lines["invoice"].str.startswith("A")
    ]
    named = orders[orders["source_customer_id"].isna()]
    assert set(named["order_id"]) == set(nobody["invoice"])


def test_cancellations_are_returns(raw):
    orders, order_lines = table(raw, "orders"), table(raw, "order_lines")
    returned = order_lines["order_id"].isin(orders.loc[orders["status"] == "returned", "order_id"])
    assert (order_lines.loc[returned, "quantity"] < 0).all()
    assert (order_lines.loc[~returned, "quantity"] > 0).all()


def test_the_catalog_knows_no_price_before_it_was_asked(raw, lines):
    products = table(raw, "products")
    assert (products["updated_at"] >= products["created_at"]).all()
    first = (
        lines[(lines["price"] > 0) & (lines["quantity"] > 0)]
        .groupby(lines["stock_code"].str.strip().str.upper())["invoice_date"]
        .min()
    )
    known = products.groupby("product_id")["created_at"].first()
    assert (known == first.reindex(known.index)).all()


def test_the_folder_is_one_that_build_takes(raw, capsys):
    contract = input_contract()
    for name, path in found(contract, raw).items():
        inspected(contract, name, path)
    assert capsys.readouterr().out == ""
