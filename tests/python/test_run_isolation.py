"""The isolation forest over runs: what it tells of, what it leaves alone."""

import numpy as np
import pandas as pd
import pytest
import room

isolation = room.python_model("monitoring", "int_personalize__run_isolation")
RUNS = 60


def history(runs=RUNS, seed=4, source_table="orders"):
    """Runs whose 8 measures wander independently; run 0 is the latest."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(runs + 1, 8)) * 0.01 + 0.3
    rows = pd.DataFrame(values, columns=[f"column_{number}" for number in range(8)])
    rows = rows.rename_axis("run_number").reset_index().melt("run_number", var_name="subject")
    return rows.assign(source_table=source_table, measure="null_share")


def with_change(rows, deviations):
    """This run moved by so many standard deviations from the mean, in turns up and down."""
    rows = rows.copy()
    now = rows["run_number"] == 0
    mean, deviation = (rows[~now].groupby("subject")["value"].agg(how) for how in ("mean", "std"))
    sign = rows["subject"].str[-1].astype(int).mod(2).mul(2).sub(1)
    moved = rows["subject"].map(mean) + sign * deviations * rows["subject"].map(deviation)
    rows.loc[now, "value"] = moved[now]
    return rows


def is_told(judged):
    row = judged.iloc[0]
    return row["score"] >= 0.6 and row["score"] > row["highest_earlier_score"]


def test_many_small_changes_at_once_are_told_although_none_is_far():
    """Each measure moves by 2.5 deviations, which the limit of 3.5 for one lets through."""
    assert is_told(isolation.judge(with_change(history(), 2.5), min_runs=30))


def test_usual_runs_are_left_alone():
    told = [is_told(isolation.judge(history(seed=seed), min_runs=30)) for seed in range(40)]
    assert sum(told) <= 1


def test_the_measure_that_stands_out_is_named():
    rows = history()
    rows.loc[(rows["run_number"] == 0) & (rows["subject"] == "column_5"), "value"] = 0.9
    judged = isolation.judge(rows, min_runs=30)
    assert judged["leading_measure"].tolist() == ["null_share column_5"]
    assert judged["runs"].tolist() == [RUNS]


@pytest.mark.parametrize("rows", [history(runs=29), history().query("run_number > 0")])
def test_nothing_is_said_with_too_few_runs_or_without_this_one(rows):
    assert isolation.judge(rows, min_runs=30).empty


def test_what_not_every_run_has_seen_does_not_count():
    rows = with_change(history(), 0)
    new = rows[rows["run_number"] == 0].head(1).assign(subject="new_column", value=0.99)
    with_new = isolation.judge(pd.concat([rows, new]), min_runs=30)
    pd.testing.assert_frame_equal(with_new, isolation.judge(rows, min_runs=30))


def test_inputs_are_judged_apart_and_in_any_order():
    rows = pd.concat([with_change(history(), 3), history(seed=9, source_table="customers")])
    judged = isolation.judge(rows.sample(frac=1, random_state=2), min_runs=30)
    assert judged["source_table"].tolist() == ["customers", "orders"]
    alone = isolation.judge(with_change(history(), 3), min_runs=30)
    pd.testing.assert_frame_equal(judged.iloc[1:].reset_index(drop=True), alone)


def test_no_rows_give_a_typed_empty_table():
    table = isolation.write(isolation.judge(history().iloc[:0], 30), isolation.SCHEMA, None)
    assert list(table.columns) == list(isolation.SCHEMA) and table.empty
