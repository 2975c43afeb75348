"""The averages of the backtest and their intervals, against draws made by hand."""

import numpy as np
import pandas as pd
import room

intervals = room.python_model("recommendations", "int_personalize__backtest_intervals")


def measured(model, ndcg, window=1, **columns):
    """One row per person in one window."""
    frame = pd.DataFrame({"ndcg": ndcg})
    frame["profile_id"] = [f"p{number:03d}" for number in range(len(frame))]
    for column in ("recall", "average_precision", "hit", "novelty", "diversity"):
        frame[column] = 0.5
    frame = frame.assign(model=model, window_number=window, hits=1, expected=2.0)
    return frame.assign(**columns)


def everybody(frame):
    return frame[["window_number", "profile_id"]].drop_duplicates().assign(population="all")


def judged(*frames, groups=None):
    frame = pd.concat(frames, ignore_index=True)
    found = intervals.judged(frame, everybody(frame) if groups is None else groups, 12)
    return found.set_index(["model", "metric", "population"])


def test_an_average_lies_within_the_interval_that_theory_gives():
    values = np.random.default_rng(2).uniform(0, 1, 400)
    row = judged(measured("a", values)).loc[("a", "ndcg_at_12", "all")]
    error = values.std() / np.sqrt(len(values))
    assert row["value"] == round(values.mean(), 6)
    assert abs((row["value_high"] - row["value_low"]) / (2 * 1.96 * error) - 1) < 0.15
    assert row["observations"] == 400


def test_ways_are_compared_in_pairs():
    """Two ways that differ by .01 for everybody: the gain is sure, though the intervals overlap."""
    values = np.random.default_rng(2).uniform(0, 0.9, 100)
    found = judged(measured("recommendation_blend", values + 0.01), measured("popularity", values))
    gain = found.loc[("recommendation_blend", "ndcg_gain_over_popularity", "all")]
    assert gain[["value", "value_low", "value_high"]].tolist() == [0.01, 0.01, 0.01]
    blend = found.loc[("recommendation_blend", "ndcg_at_12", "all")]
    popularity = found.loc[("popularity", "ndcg_at_12", "all")]
    assert blend["value_low"] < popularity["value_high"]


def test_windows_of_one_person_are_drawn_together():
    """The same people twice say no more than once: the interval does not shrink."""
    values = np.random.default_rng(3).uniform(0, 1, 80)
    once = judged(measured("a", values)).loc[("a", "ndcg_at_12", "all")]
    twice = judged(measured("a", values), measured("a", values, window=2))
    row = twice.loc[("a", "ndcg_at_12", "all")]
    assert row["observations"] == 160
    assert row[["value", "value_low", "value_high"]].equals(
        once[["value", "value_low", "value_high"]]
    )


def test_a_ratio_is_one_of_sums_and_whoever_bought_nothing_has_no_accuracy():
    values = np.where(np.arange(60) < 30, np.nan, 0.5)
    found = judged(measured("a", values, expected=np.arange(60) / 10, hits=np.arange(60) % 2))
    assert found.loc[("a", "ndcg_at_12", "all"), "observations"] == 30
    expected = found.loc[("a", "expected_over_observed", "all"), "value"]
    assert expected == round(np.arange(60).sum() / 10 / 30, 6)


def test_small_groups_and_no_rows_are_left_out():
    frame = measured("a", np.full(40, 0.5))
    groups = everybody(frame)
    small = groups.head(19).assign(population="gender x")
    found = judged(frame, groups=pd.concat([groups, small]))
    assert set(found.index.get_level_values("population")) == {"all"}
    assert len(intervals.judged(frame.head(0), groups.head(0), 12)) == 0


def test_the_order_of_rows_does_not_matter():
    frame = measured("a", np.random.default_rng(4).uniform(0, 1, 50))
    groups = everybody(frame)
    shuffled = intervals.judged(frame.sample(frac=1, random_state=1), groups[::-1], 12)
    pd.testing.assert_frame_equal(shuffled, intervals.judged(frame, groups, 12))
