"""Measures discovery on Gowalla through the product: exports in, lists out of the built database.

Every check-in becomes an order line of one made-up order per person, with made-up consent, date and
price; the lists are judged against the test part as bench_recommenders.py judges its own. The
figures go to target/bench_recommenders/product.json, where that program finds them.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import load_raw
from common import ROOT, TARGET, say, shown
from dbt_command import dbt

FOLDER = TARGET / "bench_recommenders"
DATA = ROOT.parent / "shared" / "data" / "gowalla_lightgcn"
STEPS = ("--select", "+personalize__recommendations")
WITHOUT = ("--exclude-resource-type", "test", "unit_test")
# Discovery alone and nothing bought before, from whole histories; no rule moves anything.
VARIABLES: dict[str, Any] = {
    "as_of": "2026-01-02 00:00:00",
    "recommendations_per_profile": 20,
    "recommendation_strategies": ["discovery"],
    "recommendation_backtest_windows": 0,
    "interactions_per_profile": 1000,
    "personalize_recommendation_rules": {"seen_enough": None, "variety": None},
}
METHODS = {
    "**graph**, K 100": {"similar_method": "graph"},
    "**local SLIM**, K 100": {"similar_method": "slim", "similar_min_common_profiles": 1},
    "**SLIM and filter**, K 200": {
        "similar_method": "slim_and_filter",
        "similar_products_per_product": 200,
        "similar_min_common_profiles": 1,
    },
}
EXPORTS = """
    create view train as from '{data}/train.parquet';
    create macro product(number) as
        'p' || lpad(cast(hash(number) % 1000000000 as varchar), 9, '0') || '-' || number;
    create view people as
        select distinct 'u' || user_id as source_customer_id, 'gowalla' as source_system,
            timestamp '2026-01-01 10:00:00' as happened_at
        from train;
    copy (
        select source_system, source_customer_id, source_customer_id || '@people.test' as email,
            'GB' as country, happened_at as created_at, happened_at as updated_at
        from people
    ) to '{raw}/customers.parquet';
    copy (
        select source_customer_id || purpose as event_id, happened_at as occurred_at, source_system,
            source_customer_id, 'email' as channel, purpose, 'granted' as status
        from people, (select unnest(['marketing', 'personalization']) as purpose)
    ) to '{raw}/consent_events.parquet';
    copy (
        select distinct product(item_id) as product_id, 'Place' || item_id as title,
            1.0 as price, 'EUR' as currency, true as is_available
        from (from train union all from '{data}/test.parquet')
    ) to '{raw}/products.parquet';
    copy (
        select source_customer_id as order_id, source_system, source_customer_id,
            happened_at as ordered_at, 'paid' as status, 'EUR' as currency
        from people
    ) to '{raw}/orders.parquet';
    copy (
        select 'u' || user_id as order_id,
            row_number() over (partition by user_id order by item_id) as line_number,
            product(item_id) as product_id, 1 as quantity, 1.0 as unit_price
        from train
    ) to '{raw}/order_lines.parquet';
"""
QUALITY = """
    with wanted as (
        select distinct 'u' || user_id as source_customer_id,
            cast(item_id as varchar) as item from '{data}/test.parquet'
    ),
    lists as (
        select orders.order_id as source_customer_id, lists.rank,
            split_part(lists.product_id, '-', 2) as item
        from personalize__recommendations as lists
        inner join int_personalize__resolved_orders as orders using (profile_id)
        where lists.rank <= 20 and lists.strategy = 'discovery'
    ),
    found as (
        select source_customer_id, count(*) as hits, sum(1 / log2(1 + rank)) as gain
        from lists semi join wanted using (source_customer_id, item) group by all
    ),
    best as (
        select place, sum(1 / log2(1 + place)) over (order by place) as gain
        from range(1, 21) as places(place)
    )
    select avg(coalesce(found.hits, 0) / people.items),
        avg(coalesce(found.gain, 0) / best.gain), (select count(*) from lists)
    from (select source_customer_id, count(*) as items from wanted group by all) as people
    inner join best on best.place = least(people.items, 20)
    left join found using (source_customer_id)
"""


def exported() -> Path:
    """Gowalla as a folder of input tables."""
    raw = FOLDER / "gowalla"
    raw.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(EXPORTS.format(data=DATA, raw=raw))
    return raw


def seconds_of_steps() -> dict[str, float]:
    """What every step of the build took."""
    results = json.loads((FOLDER / "dbt" / "run_results.json").read_text())["results"]
    return {row["unique_id"].split(".")[-1]: row["execution_time"] for row in results}


def measured(method: dict[str, Any]) -> dict[str, Any]:
    """One build from the exports, and the quality of its lists."""
    database = FOLDER / "gowalla.duckdb"
    started = time.monotonic()
    load_raw.load(exported(), database, reset=True)
    loaded = time.monotonic()
    code = dbt(
        *("build", *STEPS, *WITHOUT, "--profile", "personalize_files"),
        *("--target-path", str(FOLDER / "dbt")),
        database=database,
        variables={**VARIABLES, **method},
    )
    if code:
        raise SystemExit(code)
    built = time.monotonic()
    with duckdb.connect(str(database), read_only=True) as connection:
        (recall, ndcg, places) = connection.execute(QUALITY.format(data=DATA)).fetchall()[0]
    steps = seconds_of_steps()
    learnt = [f"int_personalize__item_{word}" for word in method["similar_method"].split("_and_")]
    return {
        "recall": recall,
        "ndcg": ndcg,
        "places": places,
        "load": loaded - started,
        "build": built - loaded,
        "learn": sum(steps[step] for step in learnt),
        "apply": steps["int_personalize__graph_candidates"],
        "steps": dict(sorted(steps.items(), key=lambda step: -step[1])[:12]),
    }


def main() -> int:
    """Builds and measures with every method, or those with a given word in their name."""
    if not DATA.is_dir():
        say("The data of the benchmark through the product are not here.")
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / "product.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for name, method in METHODS.items():
        if all(word in name for word in sys.argv[1:]):
            results[name] = measured(method)
            say(f"{name}: {results[name]}")
            kept.write_text(json.dumps(results, indent=1))
    say(f"Written to {shown(kept)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
