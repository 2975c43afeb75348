"""Experiments: declarations, assignment, exposure and statistics, against published figures."""

import datetime
import hashlib
import re
import shutil
from types import SimpleNamespace

import duckdb
import jinja2
import numpy as np
import pandas as pd
import pytest
import room
from hypothesis import given
from hypothesis import strategies as st
from room import ROOT, query
from scipy.stats import binom, chi2, kstest

AS_OF = pd.Timestamp("2026-05-01 06:00:00")
HILLSTROM = ROOT.parent / "shared" / "data" / "hillstrom" / "hillstrom.parquet"
ROOM = ["path:models/experiments", "path:python_models/experiments"]
PEOPLE = 20_000

experiment = room.python_model("experiments", "int_personalize__experiment_statistics")


# Declarations -----------------------------------------------------------------------------------


class Refused(Exception):
    """What dbt stops with."""


class Returned(Exception):
    """How a macro returns a value in dbt."""


def declared(**variables):
    """The macro experiments() with these variables, as dbt evaluates it."""

    def returned(value):
        raise Returned(value)

    def refused(sentence):
        raise Refused(sentence)

    class Package:
        def __getattr__(self, name):
            def call(*arguments, **named):
                try:
                    return str(getattr(module, name)(*arguments, **named))
                except Returned as value:
                    return value.args[0]

            return call

    files = ["settings", "declarations", "experiments"]
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    text = "\n".join((ROOT / "macros" / "config" / f"{name}.sql").read_text() for name in files)
    module = environment.from_string(text).make_module(
        {
            "personalize": Package(),
            "var": lambda name, default=None: variables.get(name, default),
            "return": returned,
            "exceptions": SimpleNamespace(raise_compiler_error=refused),
            "modules": SimpleNamespace(re=re, datetime=datetime),
            "target": SimpleNamespace(profile_name=variables.get("profile", "personalize_files")),
        }
    )
    return Package().experiments()


def test_defaults_are_the_holdout_and_in_the_demo_one_experiment():
    assert list(declared()) == ["global_holdout"]
    assert declared()["global_holdout"]["variations"] == {"held_out": 0.05, "mailed": 0.95}
    assert list(declared(profile="personalize_demo")) == ["global_holdout", "hero_tone"]
    assert declared(holdout_share=0) == {}
    assert declared(personalize_experiments={"global_holdout": None}) == {}


def test_a_project_adds_changes_and_takes_away():
    changed = declared(
        profile="personalize_demo",
        personalize_experiments={
            "hero_tone": {"enabled": False},
            "showcase_size": {
                "variations": {"four": 0.2, "six": 0.3, "eight": 0.5},
                "baseline": "six",
                "starts_at": "2026-05-01",
                "ends_at": "2026-06-01T12:00",
                "blocks": {"six": {"showcase": "showcase_six"}},
            },
        },
    )
    assert changed["hero_tone"]["enabled"] is False
    assert changed["hero_tone"]["variations"] == {"friendly": 0.5, "factual": 0.5}
    assert changed["showcase_size"]["baseline"] == "six"
    assert changed["hero_tone"]["baseline"] == "friendly"
    assert changed["showcase_size"]["starts_at"] == "2026-05-01 00:00:00"
    assert changed["showcase_size"]["ends_at"] == "2026-06-01 12:00:00"


HALVES = {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"variations": {"a": 0.5, "b": 0.4}},
            "experiment x has shares that sum to 0.9 instead of 1.",
        ),
        (
            {"variations": {"a": 1}},
            "experiment x must have at least two variations, as {id: share}.",
        ),
        (
            {"variations": ["a", "b"]},
            "experiment x must have at least two variations, as {id: share}.",
        ),
        (
            {"variations": {"a": "half", "b": 0.5}},
            "experiment x gives the variation a the share 'half'; it must be a number from 0 to 1.",
        ),
        (
            {"variations": {"a": 1.5, "b": -0.5}},
            "experiment x gives the variation a the share '1.5'; it must be a number from 0 to 1.",
        ),
        (
            {"variations": {"it's": 0.5, "b": 0.5}},
            "experiment x has the variation 'it's'; use letters, digits, _ . and -.",
        ),
        ({}, "experiment x has no 'variations'."),
        (
            {"variations": HALVES, "start_at": "2026-05-01"},
            "experiment x has the unknown key 'start_at'; did you mean 'starts_at'?",
        ),
        (
            {"variations": HALVES, "starts_at": "next week"},
            "experiment x, starts_at, is 'next week'; it must be a UTC time like",
        ),
        (
            {"variations": HALVES, "ends_at": "2026-02-29"},
            "experiment x, ends_at, is '2026-02-29'; there is no such day or time.",
        ),
        (
            {"variations": HALVES, "starts_at": "2026-06-01", "ends_at": "2026-05-01"},
            "experiment x ends at 2026-05-01 00:00:00, which is not after its start",
        ),
        (
            {"variations": HALVES, "enabled": "no"},
            "experiment x has the value 'no' for enabled; it must be true or false.",
        ),
        (
            {"variations": HALVES, "blocks": {"c": {"hero": "warm"}}},
            "experiment x has blocks for the unknown variation 'c'; did you mean 'a'?",
        ),
        (
            {"variations": HALVES, "baseline": "control"},
            "experiment x has the unknown baseline 'control'; known: a, b.",
        ),
        (
            {"variations": HALVES, "blocks": {"a": "warm"}},
            "experiment x has blocks for a that are not a dictionary by slot.",
        ),
        (None, "experiment x is taken away but does not exist; did you mean"),
    ],
)
def test_a_bad_declaration_is_refused_in_one_sentence(change, sentence):
    with pytest.raises(Refused) as refused:
        declared(personalize_experiments={"x": change})
    assert str(refused.value).startswith("personalize: " + sentence.removesuffix("; did you mean"))


@pytest.mark.parametrize("share", [1, -0.1, "5%", True])
def test_a_bad_holdout_is_refused(share):
    with pytest.raises(
        Refused, match=r"holdout_share is '.*'; it must be a number from 0 to below 1"
    ):
        declared(holdout_share=share)


def test_the_holdout_has_one_place_to_be_set():
    with pytest.raises(Refused, match="global_holdout is set by the variable holdout_share"):
        declared(personalize_experiments={"global_holdout": {"variations": HALVES}})


def test_dbt_stops_before_anything_is_built(tmp_path):
    bad = {"tone": {"variations": {"a": 0.5, "b": 0.6}}}
    with pytest.raises(AssertionError, match=r"experiment tone has shares that sum to 1\.1"):
        room.build(tmp_path, {}, ROOM, personalize_experiments=bad)
    with duckdb.connect(str(tmp_path / "room.duckdb")) as database:
        assert database.execute("show tables").fetchall() == []


# Assignment and exposure ------------------------------------------------------------------------

TONE = {"tone": {"variations": {"warm": 0.2, "plain": 0.8}}}


def shop():
    """People with a number each; send, purchase and address follow from the number."""
    people = [f"p{number:05d}" for number in range(PEOPLE)]
    sent = AS_OF - pd.Timedelta(days=20)
    return {
        "permissions": pd.DataFrame(
            {"profile_id": people, "email": [f"{p}@x.example" for p in people], "is_erased": False}
        ),
        "runs": pd.DataFrame({"as_of": [str(AS_OF)]}).astype({"as_of": "datetime64[us]"}),
        "resolved_email_events": pd.DataFrame(
            {
                "event_id": people[:1000],
                "profile_id": people[:1000],
                "occurred_at": sent,
                "event_type": "send",
                "experiment_id": "tone",
                "variant_id": ["warm" if n % 5 == 0 else "plain" for n in range(1000)],
            }
        ),
        "purchases": pd.DataFrame(
            {
                "order_id": people[:300],
                "profile_id": people[:300],
                "ordered_at": [sent + pd.Timedelta(days=1 if n < 200 else 15) for n in range(300)],
                "is_return": False,
            }
        ),
    }


def build(folder, tables, **variables):
    declarations = {"hero_tone": None} | variables.pop("personalize_experiments", TONE)
    variables = {"as_of": str(AS_OF), **variables, "personalize_experiments": declarations}
    room.build(folder, tables, ROOM, **variables)


def assignments(folder):
    return query(
        folder, "from personalize__experiment_assignments order by profile_id, experiment_id"
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("experiments")
    build(folder, shop())
    return folder


@pytest.fixture
def copied(built, tmp_path):
    shutil.copy(built / "room.duckdb", tmp_path)
    shutil.copytree(built / "target", tmp_path / "target")
    return tmp_path


def test_shares_are_kept_within_binomial_bounds(built):
    table = assignments(built)
    for (name, variation), share in {
        ("global_holdout", "held_out"): 0.05,
        ("tone", "warm"): 0.2,
        ("tone", "plain"): 0.8,
    }.items():
        chosen = table[(table["experiment_id"] == name) & (table["variation_id"] == variation)]
        low, high = binom.interval(0.9999, PEOPLE, share)
        assert low <= len(chosen) <= high
        assert set(chosen["propensity"]) == {share}
    assert table["holdout"].sum() == 2 * (table["variation_id"] == "held_out").sum()


def test_draws_are_uniform_and_experiments_do_not_depend_on_each_other(built):
    texts = [f"personalize|tone|p{number:05d}" for number in range(PEOPLE)]
    draws = np.array(
        [int(hashlib.md5(text.encode()).hexdigest()[:8], 16) / 2**32 for text in texts]
    )
    assert kstest(draws, "uniform").pvalue > 0.001
    table = assignments(built).pivot(
        index="profile_id", columns="experiment_id", values="variation_id"
    )
    assert ((draws < 0.2) == (table["tone"] == "warm").to_numpy()).all()
    both = pd.crosstab(table["tone"], table["global_holdout"]).to_numpy()
    statistic, _ = experiment.independence(both.sum(axis=0), both[0])
    assert statistic < chi2.ppf(0.999, 1)


def test_an_assignment_lasts(copied):
    """A later run with other shares, a new person and an erased one moves nobody else."""
    before = assignments(copied)
    later = AS_OF + pd.Timedelta(days=1)
    tables = shop()
    tables["permissions"].loc[0, ["email", "is_erased"]] = [None, True]
    tables["permissions"].loc[1, "email"] = None
    tables["permissions"].loc[PEOPLE] = ["new", "new@x.example", False]
    tables["permissions"].loc[PEOPLE + 1] = ["new_without_address", None, False]
    tables["runs"].loc[1] = later
    build(
        copied,
        tables,
        as_of=str(later),
        personalize_experiments={"tone": {"variations": {"warm": 1.0, "plain": 0.0}}},
    )
    after = assignments(copied)
    assert set(after["profile_id"]) - set(before["profile_id"]) == {"new"}
    assert set(before["profile_id"]) - set(after["profile_id"]) == {"p00000"}
    stayed = after[after["profile_id"] != "new"].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        stayed, before[before["profile_id"] != "p00000"].reset_index(drop=True)
    )
    new = after[(after["profile_id"] == "new") & (after["experiment_id"] == "tone")].iloc[0]
    assert (new["variation_id"], new["propensity"], new["assigned_at"]) == ("warm", 1.0, later)


def test_without_a_holdout_nobody_is_held_out_and_a_renamed_variation_is_drawn_anew(copied):
    build(
        copied,
        {},
        holdout_share=0,
        personalize_experiments={"tone": {"variations": {"hearty": 0.2, "plain": 0.8}}},
    )
    after = assignments(copied)
    assert not after["holdout"].any()
    assert set(after["experiment_id"]) == {"tone"}
    assert set(after["variation_id"]) == {"hearty", "plain"}
    assert len(after) == PEOPLE


def test_a_past_run_or_a_switched_off_experiment_assigns_nobody(copied):
    tables = shop()
    tables["permissions"].loc[PEOPLE] = ["new", "new@x.example", False]
    build(copied, tables, as_of=str(AS_OF - pd.Timedelta(days=1)))
    assert "new" not in set(assignments(copied)["profile_id"])
    build(copied, tables, personalize_experiments={"tone": TONE["tone"] | {"enabled": False}})
    after = assignments(copied)
    assert set(after.loc[after["profile_id"] == "new", "experiment_id"]) == {"global_holdout"}
    assert set(after.loc[after["experiment_id"] == "tone", "is_running"]) == {False}


def test_results_count_people_by_what_they_were_sent(built):
    """Every fifth send is warm; the first 200 of 1,000 bought in time, the next 100 too late."""
    results = query(
        built, "from personalize__experiment_results where experiment_id = 'tone'"
    ).set_index("variation_id")
    assert results["exposed_users"].to_dict() == {"warm": 200, "plain": 800}
    assert results["conversions"].to_dict() == {"warm": 40, "plain": 160}
    assert results["rate"].to_dict() == {"warm": 0.2, "plain": 0.2}
    assert results.loc["plain", "baseline_variation_id"] == "warm"
    assert results.loc["plain", "difference"] == 0
    assert results["p_value"].to_dict() == {"warm": 1, "plain": 1}
    assert results["srm_ok"].all()
    holdout = query(
        built, "from personalize__experiment_results where experiment_id = 'global_holdout'"
    )
    assert set(holdout["note"]) == {"nobody has reached the end of the conversion window yet"}


# Statistics -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_interval_is_newcombes(cells, low, high):
    """Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10."""
    _, found_low, found_high = experiment.difference(*cells)
    assert (found_low, found_high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_chi_square_of_the_aspirin_trial():
    """Agresti, Categorical Data Analysis: heart attacks, placebo and aspirin; chi-square 25.01."""
    statistic, p = experiment.independence(np.array([11034, 11037]), np.array([189, 104]))
    assert statistic == pytest.approx(25.01, abs=0.005)
    assert p < 0.0001


def test_sample_ratio_of_a_published_mismatch():
    """Kohavi, Tang, Xu 2020, Trustworthy Online Controlled Experiments, chapter 3: p 1.8e-6."""
    p = experiment.sample_ratio(np.array([821588, 815482]), np.array([0.5, 0.5]))
    assert p == pytest.approx(1.8e-6, rel=0.03)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=2, max_size=4),
)
def test_chi_square_by_the_formula(cells):
    users = np.array([hits + misses for hits, misses in cells])
    hits = np.array([hits for hits, _ in cells])
    statistic, p = experiment.independence(users, hits)
    kept = users > 0
    expected = np.outer([hits.sum(), (users - hits).sum()], users[kept]) / max(users.sum(), 1)
    if kept.sum() < 2 or expected.min(initial=np.inf) < 5:
        assert np.isnan(statistic)
        assert np.isnan(p)
    else:
        observed = np.array([hits[kept], (users - hits)[kept]])
        by_hand = ((observed - expected) ** 2 / expected).sum()
        assert statistic == pytest.approx(by_hand)
        assert p == pytest.approx(chi2.sf(by_hand, kept.sum() - 1))


@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_intervals_hold_the_difference_and_turn_with_it(one, two, data):
    hits_one, hits_two = data.draw(st.integers(0, one)), data.draw(st.integers(0, two))
    value, low, high = experiment.difference(hits_one, one, hits_two, two)
    assert -1 - 1e-9 <= low <= value + 1e-9
    assert value - 1e-9 <= high <= 1 + 1e-9
    turned, turned_low, turned_high = experiment.difference(hits_two, two, hits_one, one)
    assert (turned, turned_low, turned_high) == (
        pytest.approx(-value),
        pytest.approx(-high),
        pytest.approx(-low),
    )


def test_no_cells_give_a_typed_empty_table():
    columns = [
        "experiment_id",
        "variation_id",
        "metric",
        "share",
        "is_baseline",
        "exposed_users",
        "users",
        "conversions",
    ]
    empty = pd.DataFrame(columns=columns)
    table = experiment.write(experiment.statistics(empty), experiment.SCHEMA, session=None)
    assert len(table) == 0
    assert str(table["difference"].dtype) == "float64"


@pytest.mark.skipif(not HILLSTROM.exists(), reason="the Hillstrom data is not in ../shared/data")
@pytest.mark.parametrize(
    ("outcome", "mens", "mens_margin", "womens", "womens_margin"),
    [("visit", 7.66, 0.66, 4.52, 0.63), ("conversion", 0.68, 0.18, 0.31, 0.16)],
)
def test_hillstrom_effects(tmp_path, outcome, mens, mens_margin, womens, womens_margin):
    """Each customer is a send of its arm, each outcome a purchase; out come published effects."""
    data = pd.read_parquet(HILLSTROM)
    people = data["customer_id"].astype(str)
    sent = AS_OF - pd.Timedelta(days=20)
    arms = {"No E-Mail": "none", "Mens E-Mail": "mens", "Womens E-Mail": "womens"}
    bought = people[data[outcome] == 1]
    tables = shop() | {
        "resolved_email_events": pd.DataFrame(
            {
                "event_id": people,
                "profile_id": people,
                "occurred_at": sent,
                "event_type": "send",
                "experiment_id": "catalogue",
                "variant_id": data["segment"].map(arms),
            }
        ),
        "purchases": pd.DataFrame(
            {
                "order_id": bought,
                "profile_id": bought,
                "ordered_at": sent + pd.Timedelta(days=3),
                "is_return": False,
            }
        ),
    }
    third = round(1 / 3, 9)
    catalogue = {"catalogue": {"variations": {"none": third, "mens": third, "womens": third}}}
    build(tmp_path, tables, personalize_experiments=catalogue)
    results = query(
        tmp_path, "from personalize__experiment_results where experiment_id = 'catalogue'"
    )
    results = results.set_index("variation_id")
    for arm, effect, margin in (("mens", mens, mens_margin), ("womens", womens, womens_margin)):
        row = results.loc[arm]
        assert row["difference"] * 100 == pytest.approx(effect, abs=0.0051)
        assert (row["ci_high"] - row["ci_low"]) * 50 == pytest.approx(margin, abs=0.0051)
        assert row["ci_low"] > 0
    assert results["srm_ok"].all()
    assert results["p_value"].max() < 0.001
