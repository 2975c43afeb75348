"""The rules over the recommendations against an oracle in plain Python."""

import json
import math
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pandas as pd
import pytest
import room
from dbt_process import dbt
from hypothesis import given, settings
from hypothesis import strategies as st

varied = room.python_model("recommendations", "int_personalize__varied_choices")

SIZE = 4
PEOPLE = ("anna", "otto", "mia")
CATEGORIES, BRANDS = ("tea", "pots", None), ("north", "south", None)
RULES = {
    "seen_enough": None,
    "variety": {"weight": 0.3},
    "no_dear_pots": {
        "kind": "exclude",
        "products": {"category": ["pots"], "price_above": 7},
        "people": {"column": "country", "operator": "=", "value": "DE"},
    },
    "no_south": {
        "kind": "exclude",
        "products": {"brand": ["south"]},
        "people": {"column": "order_count", "operator": ">=", "value": 2},
    },
    "slim": {
        "kind": "exclude",
        "products": {"margin_below": 0.2},
        "people": {"column": "order_count", "operator": "<=", "value": 1},
    },
    "birthday_tea": {
        "kind": "exclude",
        "products": {"category": ["tea"]},
        "campaigns": ["birthday"],
    },
    "more_tea": {"kind": "boost", "products": {"category": ["tea"]}, "factor": 3},
    "less_north": {
        "kind": "boost",
        "products": {"brand": ["north"]},
        "factor": 0.4,
        "people": {"column": "country", "operator": "!=", "value": "DE"},
    },
    "p3_first": {"kind": "pin", "products": {"product_id": ["p3"]}, "place": 1},
    "p5_third": {
        "kind": "pin",
        "products": {"product_id": ["p5"]},
        "place": 3,
        "people": {"column": "order_count", "operator": "=", "value": 0},
    },
    "two_a_category": {"kind": "cap", "by": "category", "at_most": 2},
    "two_a_brand": {"kind": "cap", "by": "brand", "at_most": 2},
}
MODELS = [
    "numbered_products",
    "recommendation_rules",
    "rule_products",
    "rule_people",
    "ordered_recommendations",
    "rule_hits",
    "rule_fillers",
    "ruled_recommendations",
]
TABLES = {
    "current_products": {
        "product_id": "varchar",
        "title": "varchar",
        "category": "varchar",
        "subcategory": "varchar",
        "brand": "varchar",
        "price": "decimal(18, 2)",
        "margin": "double",
        "is_recommendable": "boolean",
        "created_at": "timestamp",
    },
    "product_popularity": {
        "window_number": "integer",
        "product_id": "varchar",
        "popularity": "double",
        "popularity_rank": "integer",
    },
    "decision_facts": {"profile_id": "varchar", "country": "varchar", "order_count": "double"},
    "recommendation_requests": {"window_number": "integer", "profile_id": "varchar"},
    "recommendation_models": {
        "model": "varchar",
        "candidate": "varchar",
        "model_version": "varchar",
    },
    "blocked_products": {
        "window_number": "integer",
        "profile_id": "varchar",
        "product_id": "varchar",
    },
    "blended_recommendations": {
        "window_number": "integer",
        "profile_id": "varchar",
        "product_id": "varchar",
        "strategy": "varchar",
        "strategy_position": "integer",
        "chance": "double",
        "confidence": "double",
        "reason_code": "varchar",
        "evidence_product_id": "varchar",
        "blend_rank": "integer",
        "simple_rank": "integer",
        "ranker_chance": "double",
        "ranker_rank": "integer",
    },
}


@pytest.fixture(scope="module")
def warehouse():
    """The compiled models of the rules above, on a DuckDB in memory."""
    with TemporaryDirectory() as folder:
        variables = {"personalize_recommendation_rules": RULES, "recommendations_per_profile": SIZE}
        dbt(
            *("compile", "--select", "path:models/recommendations/rules"),
            "int_personalize__numbered_products",
            *("--vars", json.dumps(variables)),
            target=f"{folder}/target",
            database=f"{folder}/rules.duckdb",
        )
        with open(f"{folder}/target/manifest.json") as file:
            nodes = json.load(file)["nodes"].values()
    compiled = {node["name"]: node.get("compiled_code") for node in nodes}
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.execute("attach ':memory:' as rules")
    connection.execute("use rules.main")

    connection.execute(
        "create table personalize__model_registry as select 'recommendations' as model,"
        " '1' as model_version, timestamp '2026-05-01 06:00:00' as decided_at"
    )

    def build(tables):
        for name, columns in TABLES.items():
            typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create or replace table int_personalize__{name} ({typed})")
            rows = [[row.get(column) for column in columns] for row in tables[name]]
            if rows:
                marks = ", ".join("?" * len(columns))
                connection.executemany(
                    f"insert into int_personalize__{name} values ({marks})", rows
                )
        for name in MODELS:
            sql = compiled[f"int_personalize__{name}"]
            connection.execute(f"create or replace table int_personalize__{name} as {sql}")
        return connection.execute("from int_personalize__ruled_recommendations").df()

    return build


@st.composite
def shops(draw):
    """A few products and people, what is offered to them, and what is blocked."""
    number = draw(st.integers(3, 9))
    products = [
        {
            "product_id": f"p{place}",
            "title": draw(st.sampled_from([f"Title {place}", f"TITLE {place}", "title 1"])),
            "category": draw(st.sampled_from(CATEGORIES)),
            "subcategory": None,
            "brand": draw(st.sampled_from(BRANDS)),
            "price": draw(st.integers(5, 9)),
            "margin": draw(st.sampled_from([0.3, 0.2, 0.1, -0.1, None])),
            "is_recommendable": draw(st.integers(0, 5)) > 0,
        }
        for place in range(number)
    ]
    ids = [product["product_id"] for product in products if product["is_recommendable"]]
    titles = {product["product_id"]: product["title"].lower() for product in products}
    offers, blocked = [], []
    for window in (0, 1):
        for person in PEOPLE:
            kept_back = draw(st.sets(st.sampled_from(ids), max_size=2)) if ids else set()
            blocked += [(window, person, product) for product in sorted(kept_back)]
            mixed = draw(st.permutations([name for name in ids if name not in kept_back]))
            offered = {titles[name]: name for name in mixed[: draw(st.integers(0, 8))]}
            offers += [
                (window, person, name, rank) for rank, name in enumerate(offered.values(), start=1)
            ]
    facts = {
        person: (draw(st.sampled_from(["DE", "FR", None])), draw(st.integers(0, 3)))
        for person in PEOPLE
    }
    return products, offers, blocked, facts


def is_meant(rule, person, window, facts):
    """Whether a rule speaks of a person; what is not known meets no condition."""
    country, orders = facts[person]
    if window > 0 and rule in ("no_dear_pots", "no_south", "slim", "less_north", "p5_third"):
        return False  # rules about people know today only
    return {
        "no_dear_pots": country == "DE",
        "no_south": orders >= 2,
        "slim": orders <= 1,
        "less_north": country is not None and country != "DE",
        "p5_third": orders == 0,
    }.get(rule, True)


def forbidden_by(product, person, window, facts):
    """The first rule that keeps a product from a person."""
    is_dear_pot = product["category"] == "pots" and product["price"] > 7
    if is_dear_pot and is_meant("no_dear_pots", person, window, facts):
        return "no_dear_pots"
    if product["brand"] == "south" and is_meant("no_south", person, window, facts):
        return "no_south"
    is_slim = product["margin"] is not None and product["margin"] < 0.2
    if is_slim and is_meant("slim", person, window, facts):
        return "slim"
    return None


def expected_list(person, window, products, offers, blocked, facts):
    """{product: (removed by, rank)} of what is offered or pinned, and the place of each pin."""
    catalogue = {product["product_id"]: product for product in products}
    ranks = {name: rank for of, who, name, rank in offers if (of, who) == (window, person)}
    pins = {
        name: place
        for rule, name, place in (("p3_first", "p3", 1), ("p5_third", "p5", 3))
        if is_meant(rule, person, window, facts)
        and name in catalogue
        and catalogue[name]["is_recommendable"]
        and (window, person, name) not in blocked
    }
    wanted = {}
    for name in {**ranks, **pins}:
        product, factor = catalogue[name], 1.0
        if product["category"] == "tea":
            factor *= 3
        if product["brand"] == "north" and is_meant("less_north", person, window, facts):
            factor *= 0.4
        wanted[name] = (round(ranks.get(name, 0) / round(factor, 6), 6), ranks.get(name, 0), name)
    outcome = {
        name: forbidden_by(catalogue[name], person, window, facts)
        for name in sorted(wanted, key=lambda name: (name not in pins, wanted[name]))
    }
    seen = set()
    for name, rule in list(outcome.items()):  # one product per title, separately for each fate
        key = (catalogue[name]["title"].lower(), rule)
        if key in seen:
            del outcome[name]
        seen.add(key)
    counts = {}
    for name in [name for name, rule in outcome.items() if rule is None]:
        for by, rule in (("category", "two_a_category"), ("brand", "two_a_brand")):
            kind = catalogue[name][by]
            counts[by, kind] = counts.get((by, kind), 0) + 1
            over = kind is not None and counts[by, kind] > 2
            if over and name not in pins and outcome[name] is None:
                outcome[name] = rule
    kept = sorted((name for name, rule in outcome.items() if rule is None), key=wanted.get)
    place = {name: rank for rank, name in enumerate(kept, start=1)}
    return {name: (rule, place.get(name)) for name, rule in outcome.items()}, pins


@settings(max_examples=150, deadline=None)
@given(shop=shops())
def test_the_rules_do_what_they_say(warehouse, shop):
    products, offers, blocked, facts = shop
    blocked = set(blocked)
    found = warehouse(
        {
            "current_products": products,
            "product_popularity": [
                {
                    "window_number": 0,
                    "product_id": product["product_id"],
                    "popularity": 1 / rank,
                    "popularity_rank": rank,
                }
                for rank, product in enumerate(products, start=1)
                if product["is_recommendable"]
            ],
            "decision_facts": [
                {"profile_id": person, "country": country, "order_count": orders}
                for person, (country, orders) in facts.items()
            ],
            "recommendation_requests": [
                {"window_number": window, "profile_id": person}
                for window in (0, 1)
                for person in PEOPLE
            ],
            "recommendation_models": [
                {
                    "model": "recommendations",
                    "candidate": "recommendation_blend",
                    "model_version": "1",
                }
            ],
            "blocked_products": [
                {"window_number": window, "profile_id": person, "product_id": name}
                for window, person, name in blocked
            ],
            "blended_recommendations": [
                {
                    "window_number": window,
                    "profile_id": person,
                    "product_id": name,
                    "strategy": "discovery",
                    "strategy_position": 2,
                    "blend_rank": rank,
                    "simple_rank": 99 - rank,
                }
                for window, person, name, rank in offers
            ],
        }
    )
    catalogue = {product["product_id"]: product for product in products}
    for window in (0, 1):
        for person in PEOPLE:
            rows = found[(found["window_number"] == window) & (found["profile_id"] == person)]
            expected, pins = expected_list(person, window, products, offers, blocked, facts)
            # Fillers stand behind everything else, so they change nobody's place before them.
            known = set(expected)
            own = rows[rows["product_id"].isin(known)]
            got = {
                row.product_id: (
                    None if pd.isna(row.removed_by) else row.removed_by,
                    None if pd.isna(row.ruled_rank) else int(row.ruled_rank),
                )
                for row in own.itertuples()
            }
            assert got == expected
            kept = rows[rows["removed_by"].isna()]
            assert sorted(kept["ruled_rank"]) == list(range(1, len(kept) + 1))
            for row in kept.itertuples():
                product = catalogue[row.product_id]
                assert forbidden_by(product, person, window, facts) is None
                assert product["is_recommendable"]
                assert (window, person, row.product_id) not in blocked
            titles = [catalogue[name]["title"].lower() for name in kept["product_id"]]
            assert len(titles) == len(set(titles))
            for by in ("category", "brand"):
                counted = kept[~kept["product_id"].isin(pins)][by].value_counts()
                assert (counted <= 2).all()
            placed = dict(zip(own["product_id"], own["pinned_place"], strict=True))
            assert {name: place for name, place in placed.items() if not pd.isna(place)} == {
                name: place for name, place in pins.items() if name in expected
            }


# Variety ------------------------------------------------------------------------------------------


def likeness(left, right):
    """.5 for the same category, .25 each for the same subcategory and brand."""
    return 0.5 * (left[0] == right[0]) + 0.25 * (left[1] == right[1]) + 0.25 * (left[2] == right[2])


def greedy(ranks, pins, kinds, places, weight):
    """Maximal marginal relevance, one product after the other."""
    chosen = {}
    for place in range(1, places + 1):
        best = None
        for product, rank in ranks.items():
            if product in chosen or pins.get(product, 0) > place:
                continue
            like = max((likeness(kinds[product], kinds[other]) for other in chosen), default=0.0)
            value = round((1 - weight) * (1 - (rank - 1) / places) - weight * like, 9)
            value = math.inf if pins.get(product) == place else value
            if best is None or (value, -rank) > best[:2]:
                best = (value, -rank, product)
        if best:
            chosen[best[2]] = place
    return chosen


@settings(max_examples=200, deadline=None)
@given(
    lists=st.lists(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)),
            min_size=1,
            max_size=9,
        ),
        max_size=5,
    ),
    weight=st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]),
    places=st.integers(1, 6),
    pinned=st.integers(0, 7),
    seed=st.integers(0, 9),
)
def test_variety_is_maximal_marginal_relevance(lists, weight, places, pinned, seed):
    rows, expected = [], {}
    for person, kinds in enumerate(lists):
        ranks = {product: product + 1 for product in range(len(kinds))}
        pins = {len(kinds) - 1: pinned} if pinned else {}
        expected |= {
            (person, product): place
            for product, place in greedy(ranks, pins, kinds, places, weight).items()
        }
        rows += [
            (0, person, product, ranks[product], pins.get(product, 0), *kinds[product])
            for product in ranks
        ]
    frame = pd.DataFrame(
        rows,
        columns=[
            *("window_number", "profile_number", "product_number", "ruled_rank", "pinned_place"),
            *varied.KINDS,
        ],
    ).sample(frac=1, random_state=seed)
    found = varied.choose(frame, places, weight)
    got = {(row.profile_number, row.product_number): row.place for row in found.itertuples()}
    assert got == expected


def test_variety_does_not_depend_on_how_people_are_split(monkeypatch):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "window_number": 0,
            "profile_number": np.repeat(np.arange(50), 20),
            "product_number": np.tile(np.arange(20), 50),
            "ruled_rank": np.tile(np.arange(1, 21), 50),
            "pinned_place": 0,
            **{kind: rng.integers(0, 4, 1000) for kind in varied.KINDS},
        }
    )
    whole = varied.choose(frame, 6, 0.3)
    monkeypatch.setattr(varied, "CHUNK", 7)
    pd.testing.assert_frame_equal(varied.choose(frame, 6, 0.3), whole)
    half = varied.choose(frame[frame["profile_number"] >= 25], 6, 0.3)
    own = whole[whole["profile_number"] >= 25].reset_index(drop=True)
    pd.testing.assert_frame_equal(half.reset_index(drop=True), own)


def test_without_weight_the_order_is_kept_and_no_rows_are_no_trouble():
    frame = pd.DataFrame(
        {
            "window_number": 0,
            "profile_number": 1,
            "product_number": [7, 8, 9],
            "ruled_rank": [1, 2, 3],
            "pinned_place": 0,
            **dict.fromkeys(varied.KINDS, 1),
        }
    )
    assert varied.choose(frame, 2, 0.0)["product_number"].tolist() == [7, 8]
    assert len(varied.choose(frame.head(0), 2, 0.0)) == 0
