"""The item graph against dense arithmetic, and the room built by dbt on a made-up shop."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
import room
from dbt_process import dbt
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from room import ROOT, query
from scipy import sparse

graph_model = room.python_model("recommendations", "int_personalize__item_graph")
candidates_model = room.python_model("recommendations", "int_personalize__graph_candidates")

shops = arrays.arrays(
    dtype=np.int8,
    shape=st.tuples(st.integers(1, 9), st.integers(1, 8)),
    elements=st.integers(0, 1),
)


def dense_similarity(has):
    """The published formula cell by cell: sum of d_u^-0.7 over who has both, by d_i^0.7 d_j^0.4."""
    people, products = has.sum(axis=1), has.sum(axis=0)
    result = np.zeros((has.shape[1], has.shape[1]))
    for i in range(has.shape[1]):
        for j in range(has.shape[1]):
            both = (has[:, i] == 1) & (has[:, j] == 1)
            if i != j and both.any():
                shared = sum(people[u] ** -0.7 for u in np.flatnonzero(both))
                result[i, j] = shared / (products[i] ** 0.7 * products[j] ** 0.4)
    return result


def as_interactions(has, weights=None, window=0, requested=True):
    people, products = np.nonzero(has)
    return pd.DataFrame(
        {
            "window_number": window,
            "profile_number": people,
            "product_number": products,
            "weight": 1.0 if weights is None else weights[people, products],
            "is_history": True,
            "is_known": True,
            "is_requested": requested,
        }
    )


def as_products(is_target):
    return pd.DataFrame(
        {"product_number": np.arange(len(is_target)), "is_recommendable": list(is_target)}
    )


def graph_of(has, is_target=None, neighbours=100, min_common=1):
    is_target = np.ones(has.shape[1], dtype=bool) if is_target is None else is_target
    return graph_model.similar_products(
        as_interactions(has), as_products(is_target), neighbours, min_common
    )


def dense(graph, size):
    result = np.zeros((size, size))
    result[graph["product_number"], graph["similar_product_number"]] = graph["similarity"]
    return result


@settings(deadline=None, max_examples=200)
@given(shops)
def test_similarity_is_the_formula(has):
    graph = graph_of(has)
    expected = dense_similarity(has.astype(int))
    np.testing.assert_allclose(dense(graph, has.shape[1]), expected, atol=1e-9)


@settings(deadline=None, max_examples=200)
@given(shops, st.integers(1, 4), st.integers(1, 3), st.data())
def test_neighbours_are_the_nearest_that_are_for_sale(has, neighbours, min_common, data):
    size = has.shape[1]
    is_target = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    graph = graph_of(has, is_target, neighbours, min_common)
    common = has.T.astype(int) @ has
    allowed = np.round(dense_similarity(has.astype(int)), 9) * is_target * (common >= min_common)
    for product in range(size):
        best = sorted((-value, j) for j, value in enumerate(allowed[product]) if value > 0)
        found = graph[graph["product_number"] == product].sort_values("similarity_rank")
        assert found["similarity_rank"].tolist() == list(range(1, len(found) + 1))
        assert found["similar_product_number"].tolist() == [j for _, j in best[:neighbours]]


@settings(deadline=None, max_examples=200)
@given(shops, st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_candidates_are_the_sums_with_their_largest_part(has, count, seed):
    size = has.shape[1]
    weights = np.random.default_rng(seed).uniform(0.1, 3.0, has.shape)
    is_known = np.random.default_rng(seed + 1).random(has.shape) < 0.5
    graph = graph_of(has)
    interactions = as_interactions(has, weights)
    interactions["is_known"] = is_known[
        interactions["profile_number"], interactions["product_number"]
    ]
    found = candidates_model.candidates(interactions, graph, count)
    parts = (has * weights)[:, :, None] * dense(graph, size)[None, :, :]
    scores = parts.sum(axis=1).round(9)
    for person in range(has.shape[0]):
        known = is_known[person] & (has[person] == 1)
        best = sorted((-v, j) for j, v in enumerate(scores[person]) if v > 0 and not known[j])
        rows = found[found["profile_number"] == person]
        assert rows["product_number"].tolist() == [j for _, j in best[:count]]
        np.testing.assert_allclose(rows["score"], [-value for value, _ in best[:count]], atol=1e-9)
        for row in rows.itertuples():
            largest = parts[person, :, row.product_number].max()
            part = parts[person, row.evidence_product_number, row.product_number]
            assert part == pytest.approx(largest, abs=1e-8)
            assert has[person, row.evidence_product_number] == 1


def random_shop(people=3000, products=400, seed=3):
    rng = np.random.default_rng(seed)
    popularity = rng.pareto(1.0, products) + 0.1
    counts = rng.integers(1, 30, people)
    rows = np.repeat(np.arange(people), counts)
    columns = rng.choice(products, len(rows), p=popularity / popularity.sum())
    pairs = pd.DataFrame({"profile_number": rows, "product_number": columns}).drop_duplicates()
    return pairs.assign(
        window_number=0,
        weight=rng.uniform(0.01, 5.0, len(pairs)).round(6),
        is_history=True,
        is_known=rng.random(len(pairs)) < 0.7,
        is_requested=True,
    )


@pytest.fixture(scope="module")
def shop():
    interactions = random_shop()
    products = as_products(np.arange(400) % 7 != 0)
    return interactions, products, graph_model.similar_products(interactions, products, 20, 2)


def test_any_partition_of_the_people_gives_the_same_rows(shop):
    interactions, _, graph = shop
    whole = candidates_model.candidates(interactions, graph, 24)
    assert len(whole) > 10_000
    part_of = np.random.default_rng(5).integers(0, 7, 3000)
    parts = [
        candidates_model.candidates(
            interactions[part_of[interactions["profile_number"]] == part], graph, 24
        )
        for part in range(7)
    ]
    together = pd.concat(parts).sort_values("profile_number", kind="stable")
    pd.testing.assert_frame_equal(together.reset_index(drop=True), whole)


def test_order_of_rows_and_threads_do_not_matter(shop, monkeypatch):
    interactions, products, graph = shop
    shuffled = interactions.sample(frac=1, random_state=1)
    monkeypatch.setattr(graph_model, "WORKERS", 1)
    monkeypatch.setattr(graph_model, "CHUNK", 7)
    pd.testing.assert_frame_equal(
        graph_model.similar_products(shuffled, products, 20, 2), graph, check_exact=True
    )
    whole = candidates_model.candidates(interactions, graph, 24)
    monkeypatch.setattr(candidates_model, "WORKERS", 1)
    monkeypatch.setattr(candidates_model, "CHUNK", 11)
    again = candidates_model.candidates(shuffled, graph.sample(frac=1, random_state=2), 24)
    pd.testing.assert_frame_equal(again, whole, check_exact=True)


def test_windows_do_not_see_each_other(shop):
    interactions, products, graph = shop
    other = random_shop(seed=4).assign(window_number=1)
    both = pd.concat([other, interactions])
    graphs = graph_model.similar_products(both, products, 20, 2)
    today = graphs[graphs["window_number"] == 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(today, graph)
    found = candidates_model.candidates(both, graphs, 24)
    today = found[found["window_number"] == 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(today, candidates_model.candidates(interactions, graph, 24))


def test_only_who_asks_is_answered_but_all_are_learnt_from(shop):
    interactions, _, graph = shop
    asking = interactions.assign(is_requested=interactions["profile_number"] < 10)
    found = candidates_model.candidates(asking, graph, 24)
    assert set(found["profile_number"]) <= set(range(10))
    whole = candidates_model.candidates(interactions, graph, 24)
    pd.testing.assert_frame_equal(found, whole[whole["profile_number"] < 10])


def test_nothing_in_nothing_out():
    nobody = as_interactions(np.zeros((0, 3), dtype=int))
    graph = graph_model.similar_products(nobody, as_products([True, True, True]), 5, 1)
    assert list(graph.columns) == list(graph_model.SCHEMA)
    assert len(graph) == 0
    written = graph_model.write(graph, graph_model.SCHEMA, session=None)
    assert written.dtypes.astype(str).tolist() == list(graph_model.SCHEMA.values())
    found = candidates_model.candidates(nobody, graph, 5)
    assert len(found) == 0
    written = candidates_model.write(found, candidates_model.SCHEMA, session=None)
    assert written.dtypes.astype(str).tolist() == list(candidates_model.SCHEMA.values())
    assert len(graph_model.similar_products(nobody, as_products([]), 5, 1)) == 0


def test_nothing_for_sale_gives_no_neighbour():
    has = np.ones((4, 3), dtype=int)
    assert len(graph_of(has, np.zeros(3, dtype=bool))) == 0


def test_ties_go_to_the_smaller_number():
    matrix = sparse.csr_array(
        (np.array([1.0, 1.0, 1.0, 0.5]), (np.array([0, 0, 0, 0]), np.array([3, 1, 2, 0]))),
        shape=(1, 4),
    )
    for model in (graph_model, candidates_model):
        _, columns, _, ranks = model.largest_per_row(matrix, 2)
        assert columns.tolist() == [1, 2]
        assert ranks.tolist() == [1, 2]


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.sampled_from([1.0, 1e-6, 1e15]))
def test_the_largest_of_a_row_are_those_of_a_sorted_row(seed, count, unit):
    rng = np.random.default_rng(seed)
    values = rng.integers(-3, 12, (rng.integers(1, 6), rng.integers(1, 60))) * unit
    matrix = sparse.csr_array(values)
    matrix.data[rng.random(matrix.nnz) < 0.1] = -np.inf
    expected = [
        (row, -value, column, place)
        for row, cells in enumerate(matrix.toarray())
        for place, (value, column) in enumerate(
            sorted((-value, column) for column, value in enumerate(cells) if value > 0)[:count], 1
        )
    ]
    shuffled = sparse.csr_array(matrix)
    for first, last in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        order = first + rng.permutation(last - first)
        shuffled.indices[first:last] = matrix.indices[order]
        shuffled.data[first:last] = matrix.data[order]
    for model in (graph_model, candidates_model):
        rows, columns, largest, ranks = model.largest_per_row(shuffled, count)
        found = list(zip(rows, largest, columns, ranks, strict=True))
        assert [row[::2] for row in found] == [row[::2] for row in expected]
        assert np.array(found) == pytest.approx(np.array(expected), rel=1e-12)


# The room, built by dbt on a made-up shop ------------------------------------------------------

AS_OF = pd.Timestamp("2026-05-01 06:00:00")
ROOM = [
    "int_personalize__runs",
    "path:models/recommendations",
    "path:python_models/recommendations",
    "personalize__model_registry",
]
GROUPS, PER_GROUP, PEOPLE = 4, 25, 400


def made_up_shop(seed=11):
    """Everybody buys from the 25 products of one taste of four; some its coffee every 20 days."""
    rng = np.random.default_rng(seed)
    lines, views = [], []
    for person in range(PEOPLE):
        taste = person % GROUPS
        for day in np.sort(rng.choice(np.arange(1, 150), 12, replace=False)):
            product = taste * PER_GROUP + rng.integers(1, PER_GROUP)
            lines.append((f"p{person:03d}", f"i{product:03d}", AS_OF - pd.Timedelta(days=int(day))))
        if person % 5 == 0:
            for day in range(10 + person % 20, 150, 20):
                lines.append(
                    (f"p{person:03d}", f"i{taste * PER_GROUP:03d}", AS_OF - pd.Timedelta(days=day))
                )
        views.append((f"p{person:03d}", f"i{taste * PER_GROUP + 1:03d}", AS_OF))
    purchases = pd.DataFrame(lines, columns=["profile_id", "product_id", "ordered_at"])
    purchases["order_id"] = [f"o{number}" for number in range(len(purchases))]
    products = [f"i{number:03d}" for number in range(GROUPS * PER_GROUP)]
    return {
        "purchases": purchases.assign(quantity=1.0, net_amount=9.5),
        "resolved_web_events": pd.DataFrame(
            views, columns=["profile_id", "product_id", "occurred_at"]
        ).assign(event_id="e", anonymous_id="c", event_type="product_view", is_bot=False),
        "resolved_email_events": pd.DataFrame(
            {"profile_id": ["p000"], "product_id": [None], "occurred_at": [AS_OF]}
        ).assign(event_id="e", message_id="m", event_type="click", is_machine=True),
        "current_products": pd.DataFrame(
            {
                "product_id": products,
                "category": [f"c{number // PER_GROUP}" for number in range(len(products))],
                "subcategory": [f"s{number % 5}" for number in range(len(products))],
                "brand": "Ours",
                "price": 9.5,
                "title": products,
                "description": None,
                "excluded_by": [
                    None if number % PER_GROUP != 2 else "unavailable"
                    for number in range(len(products))
                ],
                "created_at": AS_OF - pd.Timedelta(days=300),
                "is_recommendable": [number % PER_GROUP != 2 for number in range(len(products))],
            }
        ),
        "permissions": pd.DataFrame(
            {
                "profile_id": f"p{person:03d}",
                "email": f"p{person}@shop.example",
                "can_market": person % 20 != 1,
                "can_personalize": person % 10 != 2,
                "is_erased": False,
            }
            for person in range(PEOPLE)
        ),
        "decision_facts": pd.DataFrame(
            {"profile_id": f"p{person:03d}", "country": ["DE", "FR"][person % 2]}
            for person in range(PEOPLE)
        ),
        "prediction_candidates": pd.DataFrame(
            [("churn", "base 1", "base", True, False, 0.6)],
            columns=[
                *("prediction", "model_version", "hyper_parameters", "is_baseline"),
                *("is_challenger", "log_loss"),
            ],
        ),
        "slot_rule_hits": pd.DataFrame(
            {"profile_id": ["p"], "product_id": ["i"], "rule_id": ["r"]}
        ),
        "settings": pd.DataFrame(
            {
                "recommendations_per_profile": "12",
                "similar_method": "graph",
                "complement_method": "graph",
                "similar_products_per_product": "100",
                "similar_min_common_profiles": "2",
                "recommendation_ranker_min_hits": "100",
                "embedding_dimensions": "32",
            }.items(),
            columns=["name", "value"],
        ),
    }


def build_room(folder, tables, **variables):
    weights = ROOT / "seeds" / "reference" / "personalize_interaction_weights.csv"
    with duckdb.connect(str(folder / "room.duckdb")) as database:
        database.execute(
            f"create or replace table personalize_interaction_weights as from '{weights}'"
        )
        database.execute(f"""
            create or replace table personalize__profiles as
            select
                'p' || lpad(cast(person as varchar), 3, '0') as profile_id,
                if(person % 3 = 0, 'F', 'm') as gender,
                if(person % 2 = 0, 'DE', 'FR') as country,
                date '1980-01-01' as birth_date
            from range({PEOPLE}) as people (person)
        """)
    room.build(folder, tables, ROOM, as_of=str(AS_OF), **variables)


@pytest.fixture(scope="module")
def tables():
    return made_up_shop()


@pytest.fixture(scope="module")
def built(tmp_path_factory, tables):
    folder = tmp_path_factory.mktemp("recommendations")
    build_room(folder, tables)
    return folder


@pytest.fixture(scope="module")
def lists(built):
    return query(built, "from personalize__recommendations order by profile_id, rank")


def taste_of_product(ids):
    return ids.str[1:].astype(int) // PER_GROUP


def taste_of_person(ids):
    return ids.str[1:].astype(int) % GROUPS


def test_discoveries_are_of_the_persons_taste(lists):
    found = lists[lists["strategy"] == "discovery"]
    assert found["profile_id"].nunique() > 300
    assert (taste_of_product(found["product_id"]) == taste_of_person(found["profile_id"])).all()


def test_coffee_comes_back_when_it_is_due(lists):
    people = pd.Series([f"p{person:03d}" for person in range(0, PEOPLE, 5)])
    number = people.str[1:].astype(int)
    is_served = (number % 20 != 1) & (number % 10 != 2)
    days_since = 10 + number % 20
    due = set(people[is_served & (days_since + 7 >= 20)])
    coffee = lists[lists["product_id"].str[1:].astype(int) % PER_GROUP == 0]
    replenished = coffee[coffee["strategy"] == "replenishment"]
    assert set(replenished["profile_id"]) == due
    not_due = coffee[coffee["profile_id"].isin(set(people[is_served]) - due)]
    assert len(not_due) == 0


def test_without_permission_the_list_is_impersonal_and_says_so(lists):
    impersonal = lists[lists["profile_id"].str[1:].astype(int) % 10 == 2]
    assert impersonal["profile_id"].nunique() == 40
    assert set(impersonal["strategy"]) <= {"trending", "new_arrivals", "popular"}
    assert (impersonal["fallback_depth"] >= 4).all()
    assert not lists["profile_id"].str[1:].astype(int).mod(20).eq(1).any()


def test_the_backtest_knows_a_good_list_from_a_popular_one(built):
    found = query(built, "from int_personalize__recommendation_performance").set_index(
        ["model", "metric", "population"]
    )
    blend = found.loc[("recommendation_blend", "ndcg_at_12", "all")]
    assert blend["value"] > 1.5 * blend["baseline_value"]
    assert blend["value_low"] < blend["value"] < blend["value_high"]
    assert blend["is_promoted"]
    assert found.loc[("recommendation_blend", "ndcg_gain_over_popularity", "all"), "value_low"] > 0
    assert {"all", "window 1", "window 2", "light", "gender f", "country DE"} <= set(
        found.index.get_level_values("population")
    )
    decided = query(built, "from personalize__model_registry where model = 'recommendations'")
    assert decided["status"].tolist() == ["champion"]


def test_what_happens_after_a_cutoff_does_not_reach_the_lists_before_it(built, tables, tmp_path):
    """Other purchases in the last 14 days: the lists of window 1 stay as they were."""
    purchases = tables["purchases"].copy()
    late = purchases["ordered_at"] > AS_OF - pd.Timedelta(days=14)
    purchases.loc[late, "product_id"] = (
        purchases.loc[late, "product_id"].sample(frac=1, random_state=1).to_numpy()
    )
    build_room(tmp_path, {**tables, "purchases": purchases})
    old_lists = """
        select * exclude (evidence_product_id) from int_personalize__blended_recommendations
        where window_number = 1 order by profile_id, blend_rank
    """
    pd.testing.assert_frame_equal(query(tmp_path, old_lists), query(built, old_lists))
    assert query(built, old_lists)["ranker_chance"].notna().all()
    served = "from personalize__recommendations order by profile_id, rank"
    assert not query(tmp_path, served).equals(query(built, served))


def test_the_same_build_gives_the_same_bytes(built, tables, tmp_path):
    shuffled = {name: table.sample(frac=1, random_state=3) for name, table in tables.items()}
    build_room(tmp_path, shuffled)
    for relation in (
        "personalize__recommendations",
        "int_personalize__similar_products",
        "int_personalize__ranked_candidates",
        "int_personalize__ranking_influences",
    ):
        everything = f"from {relation} order by all"
        pd.testing.assert_frame_equal(
            query(tmp_path, everything), query(built, everything), check_exact=True
        )


def three_times_and_no_more(tables):
    """Everybody begins with a product every 9 days, buys it three times 18 days apart, then stops.

    The blend likes best what was bought most often and what is overdue; only the ranker can learn
    that the third time is the last.
    """
    rng = np.random.default_rng(2)
    lines = []
    for person in range(PEOPLE):
        taste = person % GROUPS
        products = taste * PER_GROUP + rng.permutation(PER_GROUP)
        for begun, product in enumerate(products):
            for time in range(3):
                day = 230 - 9 * begun - 18 * time - int(rng.integers(0, 4))
                if day > 0:
                    when = AS_OF - pd.Timedelta(days=day)
                    lines.append((f"p{person:03d}", f"i{product:03d}", when))
    purchases = pd.DataFrame(lines, columns=["profile_id", "product_id", "ordered_at"])
    purchases["order_id"] = [f"o{number}" for number in range(len(purchases))]
    return {**tables, "purchases": purchases.assign(quantity=1.0, net_amount=9.5)}


def test_where_the_ranker_is_promoted_everybodys_list_follows_it(tables, tmp_path):
    build_room(
        tmp_path,
        three_times_and_no_more(tables),
        exclude_bought_within_days=0,
        recommendation_repeat_discount=1.0,
        recommendation_discovery_place=0,
        personalize_recommendation_rules={"variety": None, "seen_enough": None},
    )
    champion = query(
        tmp_path,
        """
        from personalize__model_registry where model = 'recommendations' and status = 'champion'
    """,
    )
    assert champion["model_version"].str.startswith("recommendation_ranker ").tolist() == [True]
    measured = query(
        tmp_path,
        """
        select model, max(value) as value from int_personalize__recommendation_performance
        where metric = 'ndcg_at_12' and population = 'window 1' and is_promoted group by model
    """,
    )
    assert measured["model"].tolist() == ["recommendation_ranker"]
    lists = query(
        tmp_path,
        """
        select lists.*, ranked.chance, blended.chance as chance_in_blend
        from personalize__recommendations as lists
        join int_personalize__blended_recommendations as blended
            using (profile_id, product_id)
        left join int_personalize__ranked_candidates as ranked
            using (window_number, profile_id, product_id)
        where blended.window_number = 0 order by profile_id, rank
    """,
    )
    assert lists["profile_id"].nunique() == 380
    np.testing.assert_array_equal(lists["score"], lists["chance"])
    falls = lists.groupby("profile_id")["score"].diff().fillna(0)
    assert (falls <= 0).all()
    known = lists[lists["strategy"] != "popular"]
    assert (known["chance"] - known["chance_in_blend"]).abs().max() > 0.05
    times = query(
        tmp_path,
        """
        select profile_id, product_id, purchase_count from int_personalize__interactions
        where window_number = 0
    """,
    )
    first = lists[lists["rank"] == 1].merge(times)
    assert (first["purchase_count"] < 3).mean() > 0.95


RULES = {
    "variety": {"weight": 0.5},
    "not_in_france": {
        "kind": "exclude",
        "products": {"category": ["c1"]},
        "people": {"column": "country", "operator": "=", "value": "FR"},
    },
    "i010_first": {"kind": "pin", "products": {"product_id": ["i010"]}, "place": 1},
    "s0_up": {"kind": "boost", "products": {"subcategory": ["s0"]}, "factor": 4},
    "three_of_a_kind": {"kind": "cap", "by": "subcategory", "at_most": 3},
}


def test_rules_are_obeyed_counted_and_leave_full_lists(built, lists, tables, tmp_path):
    build_room(tmp_path, tables, personalize_recommendation_rules=RULES)
    ruled = query(tmp_path, "from personalize__recommendations order by profile_id, rank")
    number = ruled["product_id"].str[1:].astype(int)
    is_french = ruled["profile_id"].str[1:].astype(int) % 2 == 1
    assert not ((number // PER_GROUP == 1) & is_french).any()
    assert (number[~is_french] // PER_GROUP == 1).any()
    pinned = ruled[ruled["product_id"] == "i010"]
    assert len(pinned) > 200
    assert (pinned["rank"] == 1).all()
    of_a_kind = ruled[ruled["product_id"] != "i010"].groupby(["profile_id", number % 5]).size()
    assert of_a_kind.max() == 3
    assert (ruled.groupby("profile_id").size() == 12).all()
    assert ruled["profile_id"].nunique() == lists["profile_id"].nunique()
    effects = query(tmp_path, "from personalize__recommendation_rule_effects").set_index("rule_id")
    taken = effects.loc["not_in_france"]
    assert taken["products"] <= PER_GROUP
    assert taken["profiles"] > 90
    assert taken["pairs"] >= taken["places"] > 100
    assert effects.loc["i010_first", "profiles"] == len(pinned)
    assert effects.loc["s0_up", "places"] > 0
    assert effects.loc["three_of_a_kind", "places"] > 0
    assert effects.loc["variety", "pairs"] > 0
    assert effects.loc["unavailable", "products"] == GROUPS


@pytest.mark.parametrize(
    ("strategies", "sentence"),
    [
        (["discovery", "magic"], "recommendation_strategies names 'magic', which is none of"),
        (["discovery", "discovery"], "recommendation_strategies names 'discovery' twice"),
        ("discovery", "recommendation_strategies must be a list such as"),
        ([], "recommendation_strategies must be a list such as"),
    ],
)
def test_a_strategy_that_is_none_stops_the_run(tmp_path, strategies, sentence):
    variables = json.dumps({"recommendation_strategies": strategies})
    process = dbt("parse", "--vars", variables, target=tmp_path, check=False)
    assert process.returncode == 2
    assert sentence in process.stdout
