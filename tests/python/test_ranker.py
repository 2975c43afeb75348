"""The ranker on made-up windows whose true chances are known, and what its features are worth."""

import numpy as np
import pandas as pd
import pytest
import room
from test_python_models import Parts

ranker = room.python_model("recommendations", "int_personalize__ranker")
influences = room.python_model("recommendations", "int_personalize__ranker_influences")
KEYS = ["window_number", "profile_number", "product_number"]


def windows(seed=5, people=900, products=12):
    """Candidates of three windows; the true chance of a hit depends on two of three features."""
    rng = np.random.default_rng(seed)
    parts = []
    for window in (0, 1, 2):
        frame = pd.DataFrame(
            {
                "window_number": window,
                "profile_number": np.repeat(np.arange(people), products),
                "product_number": np.tile(np.arange(products), people),
                "part": -1 if window else 0,
                "own_due_ratio": rng.random(people * products) * 2,
                "product_popularity": rng.random(people * products),
                "product_trend": rng.random(people * products),
            }
        )
        is_due = frame["own_due_ratio"] > 1
        frame["true_chance"] = 0.05 + 0.5 * is_due * frame["product_popularity"]
        frame["is_hit"] = (rng.random(len(frame)) < frame["true_chance"]).astype(int)
        frame.loc[rng.random(len(frame)) < 0.1, "own_due_ratio"] = np.nan
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def rankings(shop, least_hits=100, parts=1):
    """The ranked windows; today in parts of people."""
    shop = shop.drop(columns="true_chance", errors="ignore")
    known = ranker.rankers(shop[shop["window_number"] > 0], least_hits)
    tables = [part for _, part in split(shop, parts).groupby("part")] or [shop]
    return pd.concat([ranker.ranked(table, known) for table in tables])


def split(shop, parts):
    """The candidates with today's people in so many parts; those of the past are part -1."""
    is_past = shop["window_number"] > 0
    return shop.assign(part=(shop["profile_number"] % parts).mask(is_past, -1))


@pytest.fixture(scope="module")
def shop():
    return windows()


@pytest.fixture(scope="module")
def ranked(shop):
    return rankings(shop)


def test_every_candidate_of_today_and_of_the_last_window_is_ranked(shop, ranked):
    recent = shop[shop["window_number"] < 2]
    assert len(ranked) == len(recent)
    assert set(ranked["window_number"]) == {0, 1}
    assert not ranked.duplicated(KEYS).any()


def test_the_chances_come_true(shop, ranked):
    """In ten equal groups by chance, the mean chance is within 6 points of the truth."""
    both = shop[shop["own_due_ratio"].notna()].merge(ranked)
    both = both[both["window_number"] == 1]
    groups = both.groupby(pd.qcut(both["chance"], 10, labels=False, duplicates="drop"))
    means = groups[["chance", "true_chance"]].mean()
    assert len(means) > 3
    assert (means["chance"] - means["true_chance"]).abs().max() < 0.06
    assert np.corrcoef(both["chance"], both["true_chance"])[0, 1] > 0.9


def test_no_window_sees_itself_or_what_comes_after(shop, ranked):
    """Other hits today and in window 1 leave the ranking of window 1 as it is."""
    other = shop.copy()
    recent = other["window_number"] <= 1
    other.loc[recent, "is_hit"] = 1 - other.loc[recent, "is_hit"]
    again = rankings(other)
    of_last = ranked[ranked["window_number"] == 1].reset_index(drop=True)
    found = again[again["window_number"] == 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, of_last, check_exact=True)
    assert not again[again["window_number"] == 0]["chance"].equals(
        ranked[ranked["window_number"] == 0]["chance"]
    )


def test_neither_the_order_of_rows_nor_the_parts_matter(shop, ranked):
    shuffled = shop.sample(frac=1, random_state=2)
    again = rankings(shuffled, parts=3).sort_values(KEYS, ignore_index=True)
    expected = ranked.sort_values(KEYS, ignore_index=True)
    pd.testing.assert_frame_equal(again, expected, check_exact=True)


@pytest.mark.parametrize("parts", [2, 5])
def test_parts_side_by_side_are_ranked_as_in_one_process(parts, shop, ranked):
    """By copies in processes of their own, as Snowflake would."""
    given = split(shop.drop(columns="true_chance"), parts)
    known = ranker.rankers(given[given["part"] == -1], 100)
    found = ranker.side_by_side(Parts(given.rename(columns=str.upper)), known)
    found = found.rename(columns=str.lower).sort_values(KEYS, ignore_index=True)
    expected = ranked.sort_values(KEYS, ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_at_most_so_many_candidates_are_learnt_from(shop, monkeypatch):
    """Every hit, and of the others a draw that stands for all of them."""
    past = shop[shop["window_number"] > 0].drop(columns="true_chance")
    hits = past["is_hit"].sum()
    monkeypatch.setattr(ranker, "MOST_ROWS", 3 * hits)
    kept = ranker.known_before(past, 0, 100)
    assert kept["is_hit"].sum() == hits
    assert len(kept) == pytest.approx(3 * hits, rel=0.02)
    assert kept.loc[kept["is_hit"] == 1, "stands_for"].eq(1).all()
    assert kept["stands_for"].sum() == pytest.approx(len(past), rel=0.02)
    monkeypatch.setattr(ranker, "MOST_ROWS", hits // 3)
    few = ranker.known_before(past, 0, 100)
    assert few["profile_number"].max() < 150 <= few["profile_number"].max() + 10
    assert len(few) == pytest.approx(hits // 3, rel=0.1)


def test_the_chances_come_true_though_few_of_the_others_are_drawn(shop, monkeypatch):
    monkeypatch.setattr(ranker, "MOST_ROWS", 2 * int(shop["is_hit"].sum()))
    found = rankings(shop).merge(shop, on=KEYS)
    today = found[found["window_number"] == 0]
    assert today["chance"].mean() == pytest.approx(today["true_chance"].mean(), abs=0.015)


@pytest.mark.parametrize("hits", [0, 99, 100])
def test_thin_evidence_ranks_nothing(shop, hits):
    few = shop.assign(is_hit=0)
    of_older = few.index[few["window_number"] == 2][:: len(few) // 400][:hits]
    few.loc[of_older, "is_hit"] = 1
    assert len(of_older) == hits
    assert (len(rankings(few)) > 0) == (hits == 100)
    written = ranker.write(rankings(few[:0]), ranker.SCHEMA, session=None)
    assert written.dtypes.astype(str).tolist() == list(ranker.SCHEMA.values())


@pytest.fixture(scope="module")
def worth(shop):
    past = shop[shop["window_number"] > 0].drop(columns="true_chance")
    return influences.influences(past, 3, 100).set_index(["kind", "name"])


def test_what_counts_is_missed_and_what_does_not_is_not(worth):
    """The trend says nothing about the hits; the due ratio and the popularity say everything."""
    lost = worth["lost"]
    assert set(worth.index) == {
        *(("group", name) for name in ("own", "product")),
        *(("feature", f"{name}") for name in ("own_due_ratio", "product_popularity")),
        ("feature", "product_trend"),
    }
    for name in (("group", "own"), ("group", "product"), ("feature", "own_due_ratio")):
        assert worth.loc[name, "lost_low"] > 0.03, name
    assert abs(lost["feature", "product_trend"]) < 0.02
    assert (worth["lost_low"] <= lost).all() and (lost <= worth["lost_high"]).all()


def test_the_quality_is_ndcg_by_hand():
    """One person buys places 1 and 3 of 4, one the last place, below the cut; one buys nothing."""
    person = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2])
    hits = np.array([1, 0, 1, 0, 0, 0, 0, 1, 0], dtype=bool)
    chances = np.array([0.9, 0.8, 0.7, 0.1, 0.4, 0.4, 0.4, 0.4, 1.0])
    found = influences.ndcg(person, hits, chances, 3)
    assert found.tolist() == pytest.approx([(1 + 0.5) / (1 + 1 / np.log2(3)), 0.0])


def test_both_grow_the_same_trees(shop):
    assert ranker.TREES == influences.TREES
    assert ranker.UNKNOWN == influences.UNKNOWN
    past = shop[shop["window_number"] > 0].assign(is_hit=0)
    assert len(influences.influences(past, 3, 100)) == 0
